"""Build an HTML page of the endpoints from the OpenAPI document, without external resources."""

from html import escape
from typing import Any

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}
dt{{font-family:monospace;font-weight:bold;margin-top:1rem}}</style></head>
<body><h1>{title}</h1><p>{description} Every call needs <code>Authorization: Bearer TOKEN</code>.
Full schemas: <a href="/openapi.json">openapi.json</a>.</p><dl>
{endpoints}
</dl></body></html>
"""


def docs_page(openapi: dict[str, Any]) -> str:
    """Return HTML with one entry per operation: path, description, parameters (* required)."""
    endpoints = "\n".join(
        _entry(method, path, operation)
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
    )
    info = openapi["info"]
    return _PAGE.format(title=escape(info["title"]), description=escape(info["description"]), endpoints=endpoints)


def _entry(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = [
        f"{parameter['name']}{'*' if parameter.get('required') else ''}"
        for parameter in operation.get("parameters", [])
    ]
    described = f"<br>Parameters: {escape(', '.join(parameters))}" if parameters else ""
    return f"<dt>{method.upper()} {escape(path)}</dt><dd>{escape(operation['description'])}{described}</dd>"
