"""Evaluates JavaScript in an HTML document and prints it with headless Chromium, if that is installed."""

import json
import re
import shutil
import subprocess
import tempfile
from html import unescape
from pathlib import Path
from typing import Any

import pytest

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

needs_chromium = pytest.mark.skipif(PROGRAM is None, reason="Chromium is not installed")

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_ANSWER = re.compile(r'<pre id="answer">(.*?)</pre>', re.DOTALL)


def evaluate(html: str, script: str, folder: Path) -> Any:
    """Return the value of a JavaScript expression, or of its promise, in a document.

    The document's own policy forbids scripts, so the expression runs in a copy without the policy.
    """
    answering = (
        f"<script>Promise.resolve().then(() => ({script})).then(given => {{"
        "const answer = document.createElement('pre'); answer.id = 'answer';"
        "answer.textContent = JSON.stringify(given); document.body.append(answer); "
        "})</script></body>"
    )
    page = folder / "evaluated.html"
    page.write_text(_POLICY.sub("", html, count=1).replace("</body>", answering), encoding="utf-8")
    answer = _ANSWER.search(_run(page, "--window-size=1280,900", "--virtual-time-budget=60000", "--dump-dom"))
    assert answer is not None, "the browser returned no result"
    return json.loads(unescape(answer[1]))


def evaluate_at_width(html: str, script: str, width: int, folder: Path) -> Any:
    """Return the value of an expression in a document that is `width` pixels wide.

    A window is never narrower than 500 pixels, so the document is in a frame.
    """
    shown = json.dumps(_POLICY.sub("", html, count=1)).replace("</", "<\\/")
    given = (
        "new Promise(resolve => { const frame = document.querySelector('iframe');"
        f"frame.onload = () => resolve(frame.contentWindow.eval({json.dumps(script)}));"
        f"frame.srcdoc = {shown} }})"
    )
    frame = f'<iframe style="width: {width}px; height: 900px; border: 0"></iframe>'
    return evaluate(f"<!doctype html><title>A screen</title><body>{frame}</body>", given, folder)


def print_to_pdf(html: str, folder: Path) -> bytes:
    """Return the PDF that the browser prints of a document."""
    page, pdf = folder / "page.html", folder / "printed.pdf"
    page.write_text(html, encoding="utf-8")
    _run(page, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    return pdf.read_bytes()


def _run(page: Path, *options: str) -> str:
    assert PROGRAM is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        return subprocess.run(
            [
                *(PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
                *("--disable-background-networking", "--no-first-run", f"--user-data-dir={home}"),
                *options,
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
