"""Secrets are redacted in every encoded form."""

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest

from tabnine_report.text.redaction import redact

SECRET = "p4ss+w\u00f6rd/"
LOGINS = [f"{user}\0{SECRET}" for user in ("", "u", "us", "use")]


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        SECRET.upper(),
        quote(SECRET),
        quote(SECRET, safe=""),
        SECRET.encode().hex(),
        *(b64encode(login.encode()).decode() for login in LOGINS),
        *(urlsafe_b64encode(login.encode()).decode() for login in LOGINS),
    ],
)
def test_every_form_of_a_secret_is_redacted_and_the_rest_is_kept(written: str) -> None:
    said = redact(f"you said {written} and no more", [SECRET])
    assert said.startswith("you said ")
    assert said.endswith(" and no more")
    assert "[secret]" in said
    # At the edges of a group of three bytes a character of Base64 holds a few bits of a neighbor, and is left.
    assert len(said) <= len("you said [secret] and no more") + 10


def test_several_secrets_are_redacted_and_an_empty_one_is_ignored() -> None:
    assert redact("a token and a password", ["token", "", "password"]) == "a [secret] and a [secret]"


def test_encoded_forms_of_a_short_secret_are_not_redacted() -> None:
    assert redact("7878 eHg xx", ["xx"]) == "7878 eHg [secret]"
