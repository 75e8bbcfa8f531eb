"""An email address that passes the check is the one that is used, and it never reaches another domain."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from aiosmtplib.email import quote_address
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr, ValidationError

from tabnine_report.deliver.channels.mime import EmailHeaders, compose_email
from tabnine_report.deliver.message import Message
from tabnine_report.profile.addresses import (
    Domain,
    Password,
    Secret,
    SecretWebAddress,
    WebAddress,
    is_allowed,
    mailbox_of,
    parse_mailbox,
)

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("cto@acme.example", "", "cto@acme.example"),
        ("<cto@acme.example>", "", "cto@acme.example"),
        ("Ann Lee <ann@acme.example>", "Ann Lee", "ann@acme.example"),
        ("Dr. Ann Lee<ann@acme.example>", "Dr. Ann Lee", "ann@acme.example"),
        ("Jürgen  Müller <ann@acme.example>", "Jürgen Müller", "ann@acme.example"),
        ('"Lee, Ann" <ann@acme.example>', "Lee, Ann", "ann@acme.example"),
        (r'"Ann \"the\" Lee" <ann@acme.example>', 'Ann "the" Lee', "ann@acme.example"),
        ("conor.o'brien@acme.example", "", "conor.o'brien@acme.example"),
        ("Conor O'Brien <conor.o'brien@acme.example>", "Conor O'Brien", "conor.o'brien@acme.example"),
        (
            "a+b_c=d%e!f#g/h?i^j`k{l|m}n~o&p*q-r$s@acme.example",
            "",
            "a+b_c=d%e!f#g/h?i^j`k{l|m}n~o&p*q-r$s@acme.example",
        ),
        ("ann@straße.example", "", "ann@xn--strae-oqa.example"),
        ("ann@faß.example", "", "ann@xn--fa-hia.example"),
        ("ann@βόλος.example", "", "ann@xn--nxasmm1c.example"),
        ("ann@bücher.example", "", "ann@xn--bcher-kva.example"),
        ("ann@BÜCHER.example", "", "ann@xn--bcher-kva.example"),
        ("ann@例え。テスト", "", "ann@xn--r8jz45g.xn--zckzah"),
        ("jürgen@acme.example", "", "jürgen@acme.example"),
        ("report@localhost", "", "report@localhost"),
        ("it@mail.acme.local", "", "it@mail.acme.local"),
    ],
)
def test_a_valid_address_is_read(text: str, name: str, address: str) -> None:
    mailbox = parse_mailbox(text)

    assert (mailbox.display_name, mailbox.addr_spec) == (name, address)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "ann", "ann@", "@acme.example", "ann@acme", "ann@@acme.example", "a@b@acme.example"),
        *(" ann@acme.example", "ann@acme.example ", "ann @acme.example", "a nn@acme.example"),
        *("ann@acme..münchen.example", "ann@.acme.example", "ann@acme.example.", "ann@-acme.example"),
        *(f"ann@{'a' * 64}.example", f"ann@{'ü' * 60}.example", f"{'a' * 65}@acme.example", f"a@{'a.' * 130}example"),
        *(".ann@acme.example", "ann.@acme.example", "a..n@acme.example", '"a b"@acme.example', "ann@[127.0.0.1]"),
        *("ann@ac\u00adme.example", "ann@ac\u200bme.example", "an\u200dn@acme.example", "ann@acme\u202e.example"),
        *(
            "ann@acme.example\ufeff",
            "ann\u00a0@acme.example",
            "ann@acme.example\n",
            "ann@acme.example\r\nBcc: x@y.example",
        ),
        *("ann@xn--zzzzzzzzz-.example", "ann@ab--cd.example", "ann@acme_.example", "ann@1.אב.example"),
        *("a@acme.example, b@acme.example", "a@acme.example; b@acme.example", "a@acme.example, B <b@acme.example>"),
        *("Lee, Ann <ann@acme.example>", "Ann <ann@acme.example", "Ann ann@acme.example>", "Ann <a><b@acme.example>"),
        *("ann@acme.example (Ann)", "<ann@acme.example> Ann", '"Ann <ann@acme.example>', "ann＠acme.example"),
    ],
)
def test_anything_else_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not an email address$"):
        parse_mailbox(text)


@pytest.mark.parametrize("name", ["Ann\u202e", "Ann\nLee", "Ann\u2028Lee", "A" * 300])
def test_a_name_that_cannot_be_displayed_is_rejected(name: str) -> None:
    with pytest.raises(ValueError, match=r"^has a display name that is too long or contains characters"):
        parse_mailbox(f"{name} <ann@acme.example>")


PARTS = st.text(st.sampled_from("aß'\"\\ .-_@<>(),:;[]\u00ad\u200b\n\u0301éσς。例x1+%"), max_size=8)


@settings(deadline=None)
@given(
    text=st.one_of(st.builds("{}@{}.example".format, PARTS, PARTS), st.builds("{} <{}@{}>".format, PARTS, PARTS, PARTS))
)
@example(text="ann@straße.example")
@example(text="o'brien@acme.example")
def test_what_is_accepted_is_used_unchanged(text: str) -> None:
    try:
        mailbox = parse_mailbox(text)
    except ValueError:
        return
    sender = parse_mailbox("reports@acme.example")
    email = compose_email(Message("s", "t"), EmailHeaders(sender, mailbox, "a1", AT))
    (received,) = message_from_bytes(email.as_bytes(), policy=policy.default)["To"].addresses

    # The parser keeps the bytes of UTF-8 in headers (SMTPUTF8) as surrogates.
    assert received.addr_spec.encode(errors="surrogateescape").decode() == mailbox.addr_spec
    assert quote_address(mailbox.addr_spec) == f"<{mailbox.addr_spec}>"
    assert mailbox.domain.isascii()
    assert parse_mailbox(mailbox.addr_spec).addr_spec == mailbox.addr_spec
    assert mailbox_of(text) == mailbox.addr_spec.lower()


@pytest.mark.parametrize(
    ("address", "is_inside"),
    [
        ("ann@acme.example", True),
        ("Ann <ann@ACME.example>", True),
        ("ann@mail.acme.example", False),
        ("ann@xacme.example", False),
        ("ann@globex.example", True),
        ("ann@eu.globex.example", True),
        ("ann@notglobex.example", False),
        ("ann@bücher.example", True),
        ("ann@acme.example.evil.example", False),
    ],
)
def test_an_address_is_allowed_if_its_domain_is_listed(address: str, *, is_inside: bool) -> None:
    class Table(BaseModel):
        domains: tuple[Domain, ...]

    domains = Table.model_validate({"domains": ["Acme.example", ".globex.example", "bücher.example"]}).domains

    assert is_allowed(address, domains) is is_inside
    assert is_allowed(address, ())


@pytest.mark.parametrize(
    "entry", ["", ".", "*", "*.acme.example", "@acme.example", "acme", "acme..example", "..acme.example"]
)
def test_an_entry_that_is_no_domain_is_rejected(entry: str) -> None:
    class Table(BaseModel):
        domain: Domain

    with pytest.raises(ValidationError, match=r"is not a domain such as acme\.example or \.acme\.example"):
        Table.model_validate({"domain": entry})


class Secrets(BaseModel):
    """One key of each kind of secret."""

    token: Secret = SecretStr("t")
    password: Password = SecretStr("p")
    hook: SecretWebAddress = SecretStr("https://hooks.example/x")


@pytest.mark.parametrize("added", ["\n", "\r\n", " ", "\t", "\0", "\u00a0", "\u200b", "\ufeff"])
@pytest.mark.parametrize("template", ["{}hush", "hush{}"])
@pytest.mark.parametrize(("key", "stem"), [("token", ""), ("password", ""), ("hook", "https://hooks.example/")])
def test_a_secret_with_an_invisible_character_at_its_edge_is_rejected_alike(
    key: str, stem: str, template: str, added: str
) -> None:
    value = template.format(added).replace("hush", f"{stem}hush")

    with pytest.raises(ValidationError, match=f"(?s){key}.*is empty, "):
        Secrets.model_validate({key: value})


def test_a_password_may_have_spaces_between_other_characters() -> None:
    assert Secrets(password=SecretStr("correct horse ß")).password.get_secret_value() == "correct horse ß"


HOOK = (
    "https://prod-1.westeurope.logic.azure.example:443/workflows/1/triggers/manual/paths/invoke?api-version=1&sig=hush"
)


def test_a_secret_web_address_may_have_a_query() -> None:
    secrets = Secrets(hook=SecretStr(HOOK))

    assert secrets.hook.get_secret_value() == HOOK
    assert "hush" not in repr(secrets) + str(secrets.model_dump(mode="json"))


@pytest.mark.parametrize("url", [HOOK, "https://acme.example/a b", "https://acme.example/\n", "https://[acme.example"])
def test_another_web_address_has_no_query_and_is_one_word(url: str) -> None:
    class Table(BaseModel):
        url: WebAddress

    with pytest.raises(ValidationError, match=r"must not contain a query|is not a URL"):
        Table.model_validate({"url": url})
