"""Show a report in a browser and render it again whenever a template or a renderer changes: `make preview`.

The report is the ordinary case of the gallery, or that of a file: `make preview ARGS=PATH/report.json`. HTML and PDF
are in gallery/made/preview/, and the page reloads itself. Ctrl+C ends the preview.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "gallery" / "made" / "preview"
WATCHED = ("templates", "tabnine_report/render")
LOOK_SECONDS = 0.3

INDEX = """<!doctype html>
<title>Preview</title>
<style>body, iframe { margin: 0; border: 0; width: 100%; height: 100vh }</style>
<iframe src="report.html"></iframe>
<script>
let seen
setInterval(async () => {
  const made = (await fetch("report.html", { method: "HEAD", cache: "no-store" })).headers.get("Last-Modified")
  if (seen && made !== seen) document.querySelector("iframe").contentWindow.location.reload()
  seen = made
}, 500)
</script>
"""

# A new process each time, so that changed templates, words and code all take effect.
RENDER = """
import sys
from pathlib import Path
from tabnine_report.render.html.document import report_html
from tabnine_report.render.pdf.process import Limits, PdfRenderer
from tabnine_report.render.template_environment import Templates, language_of
from tabnine_report.model.report import MonthlyReport

folder = Path(sys.argv[2])
report = MonthlyReport.model_validate_json(Path(sys.argv[1]).read_bytes())
language = language_of(report)
templates = Templates(report, language)
with PdfRenderer(Limits()) as renderer:
    (folder / "report.html").write_text(report_html(report, language, templates), encoding="utf-8")
    (folder / "report.pdf").write_bytes(renderer.render(report_html(report, language, templates, paper=True)))
"""


def render(model: Path) -> None:
    """Render HTML and PDF and print the time it took, or the error, after which the preview continues."""
    began = time.monotonic()
    process = subprocess.run([sys.executable, "-c", RENDER, model, FOLDER], cwd=ROOT, capture_output=True, text=True)  # noqa: PLW1510 - an error is printed below
    result = f"rendered in {time.monotonic() - began:.1f} s"
    print(result if process.returncode == 0 else process.stderr.strip().splitlines()[-1], flush=True)


def changes() -> Iterable[None]:
    """Yield whenever a watched file changes, forever."""
    seen = _newest()
    while True:
        time.sleep(LOOK_SECONDS)
        if (newest := _newest()) != seen:
            seen = newest
            yield


def _newest() -> float:
    return max(path.stat().st_mtime for folder in WATCHED for path in (ROOT / folder).rglob("*.*"))


def _model(arguments: list[str]) -> Path:
    if arguments:
        return Path(arguments[0]).resolve()
    from cases import case  # noqa: PLC0415 - takes a second that a report from a file does not need

    model = FOLDER / "report.json"
    model.write_text(case("ordinary").model_dump_json(), encoding="utf-8")
    return model


def main(arguments: list[str]) -> None:
    """Serve the report and render it after every change, until Ctrl+C."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "index.html").write_text(INDEX, encoding="utf-8")
    model = _model(arguments)
    render(model)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=FOLDER))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}/  and  {FOLDER / 'report.pdf'}", flush=True)
    try:
        for _ in changes():
            render(model)
    except KeyboardInterrupt:
        server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1:])
