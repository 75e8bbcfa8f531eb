"""A report in a browser, made again whenever a template changes: `make preview`.

Shows the ordinary case of the gallery, or the one named: `make preview ARGS=.../report.json`. HTML and PDF stand in
gallery/made/preview/; the page reloads itself. Ctrl+C ends it.
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

# A process of its own each time: it has read the changed templates, words and code, whatever they are.
RENDER = """
import sys
from pathlib import Path
from tabnine_report.render.html.chart_svg import draw_charts
from tabnine_report.render.html.page import report_html
from tabnine_report.render.pdf.process import Limits, PdfRenderer
from tabnine_report.render.template_environment import Templates, language_of
from tabnine_report.model.report import MonthlyReport

folder = Path(sys.argv[2])
report = MonthlyReport.model_validate_json(Path(sys.argv[1]).read_bytes())
language = language_of(report)
templates = Templates(report, language)
with PdfRenderer(Limits()) as renderer:
    charts = draw_charts(report, language, templates)
    (folder / "report.html").write_text(report_html(report, language, templates, charts), encoding="utf-8")
    (folder / "report.pdf").write_bytes(renderer.render(report_html(report, language, templates, charts, paper=True)))
"""


def render(model: Path) -> None:
    """Make HTML and PDF and say how long it took; what is wrong with a template is told and not the end."""
    began = time.monotonic()
    made = subprocess.run([sys.executable, "-c", RENDER, model, FOLDER], cwd=ROOT, capture_output=True, text=True)  # noqa: PLW1510 - told below
    took = f"made in {time.monotonic() - began:.1f} s"
    print(took if made.returncode == 0 else made.stderr.strip().splitlines()[-1], flush=True)


def changes() -> Iterable[None]:
    """Give something whenever a watched file is changed, for ever."""
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
    from cases import case  # noqa: PLC0415 - importing and fetching take a second that a named report needs not

    model = FOLDER / "report.json"
    model.write_text(case("ordinary").model_dump_json(), encoding="utf-8")
    return model


def main(arguments: list[str]) -> None:
    """Serve and watch until somebody ends it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "index.html").write_text(INDEX, encoding="utf-8")
    model = _model(arguments)
    render(model)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing of each request."""

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
