"""Ask a person at the terminal for the settings of a new profile; options answer questions in advance."""

import re
import sys
from collections.abc import Callable
from getpass import getpass
from typing import Any

from rich.prompt import Confirm, Prompt

from cli.terminal import print_error
from tabnine_report.model.errors import SettingsError

NEW_PROFILE = "The new profile"
_PART = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^,])+')
"""Text without a comma, except in quotes."""


def comma_separated(text: str) -> list[str]:
    """Return the parts of a text between commas. A comma in quotes, as in a display name, separates nothing."""
    return [part.strip() for part in _PART.findall(text) if part.strip()]


def number(text: str) -> int | str:
    """Return the number that a text is, or the text, which is then an invalid value."""
    return int(text) if text.isdecimal() else text


class Questions:
    """The settings so far.

    Args:
        find_problem: Returns why the value of a key is invalid, given all settings with this value; empty if it is
            valid.

    Attributes:
        settings: The settings by key, such as `usage_api.base_url`.
        is_terminal: Whether a person can be asked.
    """

    def __init__(self, find_problem: Callable[[str, dict[str, Any]], str]) -> None:
        self._find_problem = find_problem
        self.settings: dict[str, Any] = {}
        self.is_terminal = sys.stdin.isatty()

    def ask(  # noqa: PLR0913 - each is a property of the question
        self,
        key: str,
        question: str,
        option: str,
        *,
        default: str = "",
        is_needed: bool = True,
        read: Callable[[str], object] = str,
    ) -> None:
        """Keep the option's value, or ask until an answer is valid.

        Args:
            key: The setting.
            question: The question.
            option: The value of the option; empty without one.
            default: The value if there is neither an option nor an answer.
            is_needed: Whether the setting must have a value; otherwise, an empty answer leaves it out.
            read: Makes the value from the text.

        Raises:
            SettingsError: If the option's value is invalid, or if it is missing and nobody can be asked.
        """
        while True:
            text = option
            if not option and self.is_terminal:
                text = Prompt.ask(question, default=default or "", show_default=bool(default))
            text = text.strip() or default
            if not text and not is_needed:
                return
            settings = {**self.settings, key: read(text)}
            problem = self._find_problem(key, settings) if text else f"{key} is missing"
            if not problem:
                self.settings = settings
                return
            if option or not self.is_terminal:
                raise SettingsError(NEW_PROFILE, [problem])
            print_error(problem)

    def confirm(self, question: str, option: bool | None) -> bool:  # noqa: FBT001 - the value of an option
        """Return the option's value, or ask; no if nobody can be asked."""
        if option is not None or not self.is_terminal:
            return bool(option)
        return Confirm.ask(question, default=False)

    def ask_secret(self, question: str, variable: str) -> str:
        """Return a secret that the person types, which is not shown.

        Raises:
            SettingsError: If nobody can be asked.
        """
        while self.is_terminal:
            if secret := getpass(f"{question} (not shown): ").strip():
                return secret
        raise SettingsError(NEW_PROFILE, [f"needs the environment variable {variable}, which is not set"])
