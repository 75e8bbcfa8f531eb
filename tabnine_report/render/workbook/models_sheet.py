"""Build the workbook's sheet of language models: the tokens and the agent spend of each."""

from tabnine_report.model.sections import AgentSpend
from tabnine_report.render.workbook.cells import Column, Sheet, TableColumn, rows_of
from tabnine_report.render.workbook.figure_cells import figures_and_states, value_cell
from tabnine_report.text.i18n import Language

_HEADINGS = {
    "tokens": "report.model_tokens",
    "cost": "report.model_cost",
    "share": "report.model_share",
    "per_million": "report.model_per_million",
}


def models_sheet(agents: AgentSpend, month: str, language: Language) -> Sheet:
    """Return one row for each language model."""
    table: list[TableColumn] = [
        (Column(language.translate("report.model"), 44), [model.name for model in agents.models])
    ]
    for key, heading in _HEADINGS.items():
        figures = [getattr(model, key) for model in agents.models]
        cells = [value_cell(figure, language) for figure in figures]
        table += figures_and_states(language.translate(heading), figures, cells, language)
    reasons = [
        " ".join(dict.fromkeys(filter(None, (getattr(model, key).reason for key in _HEADINGS))))
        for model in agents.models
    ]
    table.append((Column(language.translate("workbook.reason"), 60), reasons))
    return Sheet(
        name=language.translate("workbook.models"),
        sentence=agents.title,
        detail=language.translate("report.agent_models", month=month),
        columns=[column for column, _ in table],
        rows=rows_of(table),
        fixed=1,
    )
