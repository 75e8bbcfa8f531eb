"""The MIME form of a message."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from tabnine_report.deliver.channels.mime import EmailHeaders, compose_email
from tabnine_report.deliver.message import Message
from tabnine_report.profile.addresses import parse_mailbox

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def headers(
    *, sender: str = "Reports <r@acme.example>", recipient: str = "cto@acme.example", message_id: str = "a1"
) -> EmailHeaders:
    return EmailHeaders(parse_mailbox(sender), parse_mailbox(recipient), message_id, AT)


def received(content: bytes) -> EmailMessage:
    email = message_from_bytes(content, policy=policy.default)
    assert isinstance(email, EmailMessage)
    return email


def shape(part: EmailMessage) -> object:
    inside = [shape(p) for p in part.iter_parts() if isinstance(p, EmailMessage)]
    return {part.get_content_type(): inside} if inside else part.get_content_type()


def test_an_email_has_text_html_with_pictures_and_attachments(message: Message) -> None:
    email = received(compose_email(message, headers()).as_bytes())

    assert shape(email) == {
        "multipart/mixed": [
            {"multipart/alternative": ["text/plain", {"multipart/related": ["text/html", "image/png"]}]},
            "application/pdf",
        ]
    }


def test_the_parts_keep_their_content(message: Message) -> None:
    email = received(compose_email(message, headers()).as_bytes())
    text, html = email.get_body(("plain",)), email.get_body(("html",))
    (attachment,) = email.iter_attachments()
    picture = next(part for part in email.walk() if part.get_content_type() == "image/png")

    assert text is not None
    assert html is not None
    assert email["Subject"] == message.subject
    assert text.get_content().splitlines() == message.text.splitlines()
    assert html.get_content().splitlines() == message.html.splitlines()
    assert attachment.get_filename() == "acme-2026-10.pdf"
    assert attachment.get_payload(decode=True) == message.attachments[0].content
    assert picture["Content-ID"] == "<people>"
    assert picture.get_payload(decode=True) == message.pictures["people"]


def test_a_message_without_html_is_plain_text() -> None:
    assert shape(compose_email(Message(subject="s", text="t"), headers())) == "text/plain"


def test_the_same_message_and_headers_have_the_same_bytes(message: Message) -> None:
    assert compose_email(message, headers()).as_bytes() == compose_email(message, headers()).as_bytes()


def test_only_the_date_differs_in_a_later_copy(message: Message) -> None:
    first = compose_email(message, headers()).as_bytes().splitlines()
    later = compose_email(message, replace(headers(), date=AT + timedelta(days=1))).as_bytes().splitlines()

    different = [(a, b) for a, b in zip(first, later, strict=True) if a != b]
    assert different == [(b"Date: Mon, 02 Nov 2026 06:00:00 +0000", b"Date: Tue, 03 Nov 2026 06:00:00 +0000")]


def test_the_headers_mark_an_automatic_message_and_name_the_reply_address(message: Message) -> None:
    email = compose_email(message, replace(headers(), reply_to=parse_mailbox("Ann <ann@acme.example>")))

    assert email["Auto-Submitted"] == "auto-generated"
    assert email["Reply-To"] == "Ann <ann@acme.example>"
    assert email["Message-ID"] == "<a1@acme.example>"


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\v", "\f", "\x85", "\u2028"])
def test_a_line_break_in_the_subject_adds_no_header(message: Message, line_break: str) -> None:
    content = compose_email(replace(message, subject=f"October{line_break}Bcc: all@acme.example"), headers()).as_bytes()

    assert received(content)["Bcc"] is None
    assert received(content)["Subject"] == "October Bcc: all@acme.example"


def test_the_bytes_are_ascii_with_lines_of_legal_length(message: Message) -> None:
    content = compose_email(replace(message, text="ä" * 3000, html="<p>" + "x" * 3000 + "</p>"), headers()).as_bytes()

    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_international_names_are_encoded(message: Message) -> None:
    content = compose_email(
        message, headers(sender="Üsage <r@acme.example>", recipient='"王, 小明" <w@acme.example>')
    ).as_bytes()

    assert content.isascii()
    assert received(content)["From"].addresses[0].display_name == "Üsage"
    assert received(content)["To"].addresses[0].display_name == "王, 小明"


def test_an_international_domain_is_converted_to_its_dns_form() -> None:
    assert parse_mailbox("ann@bücher.example").addr_spec == "ann@xn--bcher-kva.example"
    assert not headers(recipient="ann@bücher.example").needs_utf8


def test_an_international_local_part_needs_smtputf8(message: Message) -> None:
    international = headers(recipient="jürgen@acme.example")

    assert international.needs_utf8
    assert "To: jürgen@acme.example".encode() in compose_email(message, international).as_bytes()


def test_a_long_message_id_is_not_folded(message: Message) -> None:
    long = "a" * 64 + "-2026-10-0123456789abcdef"

    assert (
        received(compose_email(message, headers(message_id=long)).as_bytes())["Message-ID"] == f"<{long}@acme.example>"
    )
