"""The results as a table for people: median, spread and target of everything measured."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table
from scenario import Size

LARGEST_FETCH_BEYOND_CHAIN_SECONDS = 0.4
LARGEST_KEEPING_SECONDS = 0.3
LARGEST_RUN_SECONDS = 6.0
LARGEST_RUN_MB = 400.0


@dataclass(frozen=True)
class Metric:
    """Something measured.

    Attributes:
        label: What it is, as the table says it.
        form: How a value of it is written.
        target: What it is to stay under; None where nothing is set.
    """

    label: str
    form: str = "{:.2f} s"
    target: float | None = None


_MB = "{:.0f} MB"

METRICS: Mapping[str, Metric] = {
    "fetch": Metric("fetch"),
    "chain": Metric("requests that wait for one another"),
    "beyond_chain": Metric("fetch beyond these", target=LARGEST_FETCH_BEYOND_CHAIN_SECONDS),
    "build": Metric("build"),
    "html": Metric("HTML and charts"),
    "pdf": Metric("PDF, with its process"),
    "seal": Metric("seal, on this machine's disk"),
    "ledger": Metric("ledger, for four recipients"),
    "keeping": Metric("seal and ledger", target=LARGEST_KEEPING_SECONDS),
    "ledger_made": Metric("a new ledger, once"),
    "run": Metric("whole run", target=LARGEST_RUN_SECONDS),
    "run_cpu": Metric("- processor time"),
    "imports": Metric("- its imports"),
    "flow": Metric("- its flow"),
    "run_mb": Metric("memory of the run's process", _MB, LARGEST_RUN_MB),
    "pdf_mb": Metric("memory of its PDF process", _MB, LARGEST_RUN_MB),
    "full_fetch": Metric("fetch for both editions"),
    "full_run": Metric("whole run for both editions"),
    "full_run_cpu": Metric("- processor time"),
    "full_run_mb": Metric("memory of that run's process", _MB, LARGEST_RUN_MB),
    "full_pdf_mb": Metric("memory of its largest PDF process", _MB, LARGEST_RUN_MB),
    "plain": Metric("plain script"),
    "plain_cpu": Metric("- processor time"),
    "plain_mb": Metric("memory of the plain script", _MB),
    "ratio": Metric("whole run / plain script", "{:.1f}"),
}
"""Everything that is measured, in the table's order."""

HEADINGS = ("", "median", "min", "max", "n", "target")


class Results:
    """What was measured for one size, a value a round."""

    def __init__(self) -> None:
        self._values: dict[str, list[float]] = defaultdict(list)

    def add(self, measured: Mapping[str, float]) -> None:
        """Take in a round."""
        for key, value in measured.items():
            self._values[key].append(value)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Give the table's rows, a cell for each of the headings; nothing for what was left out."""
        for key, metric in METRICS.items():
            if values := self._values[key]:
                middle = median(values)
                written = [metric.form.format(value) for value in (middle, min(values), max(values))]
                yield metric.label, *written, str(len(values)), _judged(metric, middle)


def print_table(results: Mapping[Size, Results]) -> None:
    """Print for a terminal, a table a size."""
    for size, result in results.items():
        table = Table(title=str(size), title_justify="left", title_style="bold")
        for heading in HEADINGS:
            table.add_column(heading, justify="left" if heading in {"", "target"} else "right")
        for row in result.rows():
            table.add_row(*row)
        Console().print(table)


def print_markdown(results: Mapping[Size, Results]) -> None:
    """Print as Markdown, a section a size."""
    for size, result in results.items():
        print(f"## {size}\n\n| {' | '.join(HEADINGS)} |\n| --- | ---: | ---: | ---: | ---: | --- |")
        for row in result.rows():
            print(f"| {' | '.join(row)} |")
        print()


def _judged(metric: Metric, value: float) -> str:
    if metric.target is None:
        return ""
    return f"under {metric.form.format(metric.target)}: {'met' if value < metric.target else 'missed'}"
