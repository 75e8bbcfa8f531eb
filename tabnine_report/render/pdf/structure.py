"""What WeasyPrint leaves out of a tagged PDF: which way a header cell heads, and the labels of the pages.

It runs in the PDF's own process, so it imports nothing of ours.
"""

from typing import Any

import pydyf


def complete(_document: object, pdf: pydyf.PDF) -> None:
    """Add them right before the PDF is written; a `finisher` of WeasyPrint."""
    pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": pydyf.Array([0, pydyf.Dictionary({"S": "/D"})])})
    for element in pdf.objects:
        if isinstance(element, pydyf.Dictionary) and element.get("S") == "/TH":
            element["A"]["Scope"] = _scope(element)


def _scope(header: dict[str, Any]) -> str:
    """Give the scope by the place in the table that WeasyPrint makes the cell's id of: `(12-row-column)`."""
    _, row, column = header["ID"].string.split("-")
    return "/Row" if column == "0" and row != "0" else "/Column"
