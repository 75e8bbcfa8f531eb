"""Prefect's pages in headless Chromium, used as a person uses them. `make test-browser` installs Playwright."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

SECONDS = 180
"""How long to wait for a run; on a busy machine, it takes more than a minute."""
_ATTEMPTS = 3
_WIDTH, _HEIGHT = 1320, 820
_COLORS = 64
_PROPERTY = "div[contains(concat(' ', @class, ' '), ' schema-form-property ')]"


@contextmanager
def open_ui(address: str) -> Iterator["PrefectUi"]:
    """Yield the pages of a Prefect server."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only this target's environment has it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
        page.set_default_timeout(SECONDS * 1000)
        try:
            yield PrefectUi(page, address)
        finally:
            browser.close()


class PrefectUi:
    """One page of the browser.

    Args:
        page: The page, of Playwright.
        address: The server's address, without a path.
    """

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self._address = address

    def open_deployments(self, name: str) -> None:
        """Search the list of deployments."""
        self.page.goto(f"{self._address}/deployments")
        self.page.get_by_placeholder("Search deployments").fill(name)
        self.page.locator("tr", has_text=name).first.wait_for()

    def open_deployment(self, flow: str, name: str) -> None:
        """Open a deployment from the list."""
        self.open_deployments(name)
        row = self.page.locator("tr").filter(has=self.page.get_by_text(flow, exact=True))
        row.get_by_role("link", name=name, exact=True).click()
        self.page.wait_for_url("**/deployments/deployment/**")

    def open_form(self, flow: str, name: str) -> None:
        """Open the form of a deployment."""
        self.open_deployment(flow, name)
        self.page.get_by_role("button", name="Run", exact=True).click()
        self.page.get_by_text("Custom run").click()
        self.page.wait_for_url("**/run?**")

    def text_of(self, *labels: str) -> str:
        """Return what a text field of the form contains."""
        value: str = self._field(*labels).locator("textarea").input_value()
        return value

    def fill(self, *labels: str, text: str) -> None:
        """Type into a text field of the form.

        Args:
            labels: The field's label, after those of the parts of the form that contain it.
            text: The text.
        """
        self._field(*labels).locator("textarea").fill(text)

    def choose(self, *labels: str, option: str) -> None:
        """Choose an option of a drop-down list of the form."""
        self._field(*labels).locator(".p-select-button__control").focus()
        self.page.keyboard.press("ArrowDown")
        self.page.locator(".p-select-option").get_by_text(option, exact=True).click()
        self._field(*labels).locator(".p-select-button").get_by_text(option, exact=True).wait_for()

    def submit(self) -> None:
        """Submit the form, again if a busy server could not create the run; the page of the deployment follows."""
        for _ in range(_ATTEMPTS):
            with self.page.expect_response(lambda response: response.url.endswith("/create_flow_run")) as created:
                self.page.get_by_role("button", name="Submit").click()
            if created.value.ok:
                break
        assert created.value.ok, f"{created.value.status} {created.value.text()}"
        self.page.wait_for_url(lambda url: "/run?" not in url)

    def open_run(self, name: str, state: str, color: str) -> None:
        """Wait in the list of runs until one has a name, a state and a color, and open it.

        The page of a deployment does not list runs whose state has a name of its own, unless its filter is changed.

        Args:
            name: The run's name.
            state: The state's name.
            color: The state's type in lowercase, which decides about the color, such as `completed`.
        """
        run = self.page.get_by_role("link", name=name, exact=True)
        badge = self.page.locator(f".state-badge.state--{color}").get_by_text(state, exact=True)
        found = self.page.locator(".flow-run-list-item").filter(has=run).filter(has=badge)
        deadline = time.monotonic() + SECONDS
        while not found.count():
            assert time.monotonic() < deadline, self.page.inner_text("body")
            self.page.goto(f"{self._address}/runs")
            self.page.wait_for_load_state("networkidle")
        found.first.get_by_role("link", name=name, exact=True).click()
        self.page.wait_for_url("**/runs/flow-run/**")

    def copy_run(self) -> None:
        """Open the form with the entries of the run whose page is open."""
        self.page.locator(".flow-run-menu").first.click()
        self.page.get_by_text("Copy to new run").click()
        self.page.wait_for_url("**/run?**")

    def open_runs(self) -> None:
        """Open the list of runs."""
        self.page.goto(f"{self._address}/runs")
        self.page.locator(".flow-run-list-item").last.scroll_into_view_if_needed()

    def open_artifact(self, key: str, *texts: str) -> None:
        """Open an artifact from the page of a run, and wait until the page has each of some texts."""
        self.page.get_by_text("Artifacts", exact=True).last.click()
        self.page.get_by_text(key, exact=True).last.click()
        self.page.wait_for_url("**/artifacts/artifact/**")
        self.wait_for(*texts)

    def wait_for(self, *texts: str) -> None:
        """Wait until the page has each of some texts."""
        for text in texts:
            self.page.get_by_text(text).first.wait_for()

    def take_picture(self, file: Path) -> None:
        """Write a small picture of what the window shows; the text stays readable."""
        self.page.wait_for_load_state("networkidle")
        with Image.open(BytesIO(self.page.screenshot(animations="disabled"))) as picture:
            picture.quantize(_COLORS, dither=Image.Dither.NONE).save(file, optimize=True)

    def _field(self, *labels: str) -> Any:
        """Return a field of the form. A label may be followed by "(Optional)"."""
        found = self.page
        for label in labels:
            header = "./div[contains(@class, 'p-label__header')]//span[contains(@class, 'schema-form-property__label')]"
            names = f"normalize-space() = '{label}' or normalize-space() = '{label} (Optional)'"
            found = found.locator(f"xpath=.//{_PROPERTY}[{header}[{names}]]")
        return found


def form_links(text: str) -> list[str]:
    """Return the links to forms in a notice."""
    return re.findall(r"http://127\.0\.0\.1:\d+/deployments/deployment/[0-9a-f-]+/run\?parameters=[\w%.-]+", text)
