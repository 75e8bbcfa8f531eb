"""Add to a tagged PDF what WeasyPrint leaves out: the scope of header cells, and page labels.

The module runs in the PDF process, so it imports nothing else of the project.
"""

from typing import Any

import pydyf


def complete(_document: object, pdf: pydyf.PDF) -> None:
    """Complete a PDF before WeasyPrint writes it, as its `finisher`."""
    pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": pydyf.Array([0, pydyf.Dictionary({"S": "/D"})])})
    for element in pdf.objects:
        if isinstance(element, pydyf.Dictionary) and element.get("S") == "/TH":
            element["A"]["Scope"] = _scope(element)


def _scope(header: dict[str, Any]) -> str:
    """Return the scope of a header cell, by row and column in the id from WeasyPrint: `(12-row-column)`."""
    _, row, column = header["ID"].string.split("-")
    return "/Row" if column == "0" and row != "0" else "/Column"
