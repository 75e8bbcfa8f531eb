"""What others say is repeated without our secrets, however they write them."""

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
def test_a_secret_is_hidden_in_every_form_and_the_rest_stays(written: str) -> None:
    said = redact(f"you said {written} and no more", [SECRET])
    assert said.startswith("you said ")
    assert said.endswith(" and no more")
    assert "[secret]" in said
    # At the edges of a group of three bytes a character of Base64 holds a few bits of a neighbor, and is left.
    assert len(said) <= len("you said [secret] and no more") + 10


def test_several_secrets_are_hidden_and_an_empty_one_is_none() -> None:
    assert redact("a token and a password", ["token", "", "password"]) == "a [secret] and a [secret]"


def test_a_short_secret_is_not_looked_for_in_forms_that_innocent_words_have() -> None:
    assert redact("7878 eHg xx", ["xx"]) == "7878 eHg [secret]"
