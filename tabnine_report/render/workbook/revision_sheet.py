"""Build the workbook's sheet on a revision: every changed figure, in the previous revision and now."""

from tabnine_report.model.data_quality import RevisionChanges
from tabnine_report.render.workbook.cells import Column, Sheet
from tabnine_report.render.workbook.figure_cells import state_word, unit_of, value_cell
from tabnine_report.text.i18n import Language


def revision_sheet(revision_changes: RevisionChanges, language: Language) -> Sheet:
    """Return every figure that changed since the previous revision."""
    translate = language.translate
    before, now = translate("report.revised_before"), translate("report.revised_now")
    return Sheet(
        name=translate("workbook.revised"),
        sentence=translate("report.revised", number=language.count(revision_changes.revision)),
        detail=revision_changes.sentence,
        columns=[
            Column(translate("report.metric"), 44),
            Column(before, 16, right=True),
            Column(translate("workbook.state_of", label=before), 14),
            Column(now, 16, right=True),
            Column(translate("workbook.state_of", label=now), 14),
            Column(translate("workbook.unit"), 14),
        ],
        rows=[
            [
                changed.label,
                value_cell(changed.before, language, currency=False),
                state_word(changed.before, language),
                value_cell(changed.now, language, currency=False),
                state_word(changed.now, language),
                unit_of(changed.now),
            ]
            for changed in revision_changes.figures
        ],
        fixed=1,
    )
