"""Print the results as tables, with the median, range and target of each metric."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table
from scenario import Size

MAX_FETCH_OVERHEAD_SECONDS = 0.4
MAX_STORAGE_SECONDS = 0.3
MAX_RUN_SECONDS = 6.0
MAX_PROCESS_MB = 400.0
MAX_PRINT_RATIO = 1.5
MAX_FLOOR_RATIO = 1.5


@dataclass(frozen=True)
class Metric:
    """A metric of the benchmark.

    Attributes:
        label: Its name in the table.
        number_format: The format string for its values.
        target: The limit for its median; None without a limit.
    """

    label: str
    number_format: str = "{:.2f} s"
    target: float | None = None


_MB, _KB = "{:.0f} MB", "{:.0f} kB"

METRICS: Mapping[str, Metric] = {
    "fetch": Metric("fetch"),
    "sequential_requests": Metric("- its sequential requests"),
    "fetch_overhead": Metric("- its overhead", target=MAX_FETCH_OVERHEAD_SECONDS),
    "build": Metric("build"),
    "html": Metric("HTML and charts"),
    "pdf": Metric("PDF, including its process"),
    "seal": Metric("seal, on a local disk"),
    "ledger": Metric("ledger, for four recipients"),
    "storage": Metric("seal and ledger", target=MAX_STORAGE_SECONDS),
    "ledger_setup": Metric("create a ledger, once"),
    "run": Metric("whole run", target=MAX_RUN_SECONDS),
    "run_cpu": Metric("- processor time"),
    "imports": Metric("- its imports"),
    "flow": Metric("- its flow"),
    "run_mb": Metric("- memory of its process", _MB, MAX_PROCESS_MB),
    "pdf_mb": Metric("- memory of its PDF process", _MB, MAX_PROCESS_MB),
    "full_fetch": Metric("fetch, both editions"),
    "full_run": Metric("whole run, both editions"),
    "full_run_cpu": Metric("- processor time"),
    "full_run_mb": Metric("- memory of its process", _MB, MAX_PROCESS_MB),
    "full_pdf_mb": Metric("- memory of its largest PDF process", _MB, MAX_PROCESS_MB),
    "full_per_core_hour": Metric("- reports per core-hour", "{:.0f}"),
    "empty": Metric("Prefect, with empty tasks"),
    "floor": Metric("floor, both editions"),
    "floor_ratio": Metric("whole run / floor, both editions", "{:.2f}", MAX_FLOOR_RATIO),
    "print": Metric("PDF, full edition"),
    "print_cpu": Metric("- processor time"),
    "print_kb": Metric("- size", _KB),
    "chromium": Metric("Chromium, same HTML"),
    "chromium_cpu": Metric("- processor time"),
    "chromium_kb": Metric("- size", _KB),
    "print_ratio": Metric("PDF / Chromium", "{:.2f}", MAX_PRINT_RATIO),
    "baseline": Metric("baseline script"),
    "baseline_cpu": Metric("- processor time"),
    "baseline_mb": Metric("- memory of its process", _MB),
    "ratio": Metric("whole run / baseline script", "{:.1f}"),
}
"""All metrics, in the order of the table."""

HEADINGS = ("", "median", "min", "max", "n", "target")


class Results:
    """The measured values for one size, one value per round."""

    def __init__(self) -> None:
        self._values: dict[str, list[float]] = defaultdict(list)

    def add(self, measured: Mapping[str, float]) -> None:
        """Add the values of one round."""
        for key, value in measured.items():
            self._values[key].append(value)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the table's rows, one cell per heading, for the metrics that were measured."""
        for key, metric in METRICS.items():
            if values := self._values[key]:
                typical = median(values)
                numbers = [metric.number_format.format(value) for value in (typical, min(values), max(values))]
                yield metric.label, *numbers, str(len(values)), _verdict(metric, typical)


def print_table(results: Mapping[Size, Results]) -> None:
    """Print one table per size, for a terminal."""
    for size, result in results.items():
        table = Table(title=str(size), title_justify="left", title_style="bold")
        for heading in HEADINGS:
            table.add_column(heading, justify="left" if heading in {"", "target"} else "right")
        for row in result.rows():
            table.add_row(*row)
        Console().print(table)


def print_markdown(results: Mapping[Size, Results]) -> None:
    """Print one section per size, as Markdown."""
    for size, result in results.items():
        print(f"## {size}\n\n| {' | '.join(HEADINGS)} |\n| --- | ---: | ---: | ---: | ---: | --- |")
        for row in result.rows():
            print(f"| {' | '.join(row)} |")
        print()


def _verdict(metric: Metric, value: float) -> str:
    if metric.target is None:
        return ""
    return f"under {metric.number_format.format(metric.target)}: {'met' if value < metric.target else 'missed'}"
