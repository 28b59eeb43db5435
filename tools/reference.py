"""Write the pages of docs/reference that follow from the code: commands, routes and problems.

    python tools/reference.py            rewrite them
    python tools/reference.py --check    exit with 1 if one is not what the code says

What a person has to explain (settings, events, exit codes, words) is written by hand; a test finds what is missing.
"""

# ruff: noqa: T201 -- a command speaks by printing
from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "reference"
MADE = "<!-- Made by `make docs` from the code; do not edit. -->"
KIND = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def main() -> int:
    """Write or check the pages; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say what is not up to date")
    checking = parser.parse_args().check
    stale = [name for name, text in pages().items() if _read(PAGES / name) != text]
    if checking:
        print("\n".join(f"docs/reference/{name} is not what the code says: run `make docs`" for name in stale))
        return 1 if stale else 0
    for name in stale:
        (PAGES / name).write_text(pages()[name], encoding="utf-8")
        print(f"docs/reference/{name} is rewritten")
    return 0


def pages() -> dict[str, str]:
    """Return the pages by their file's name."""
    return {"cli.md": cli(), "api.md": api(), "problems.md": problems()}


def cli() -> str:
    """Return the page of all commands, as the parser knows them."""
    from takeback.cli.application import application

    sys.argv = ["takeback"]  # the parser takes the beginning of usage lines from there
    made = application().generate_docs()
    body = made.split("\n", 1)[1]
    body = re.sub(r"## Table of Contents\n\n", "", body)
    body = re.sub(r"\*\*Commands\*\*:\n\n(\* .*\n)+\n?", "", body)
    notes = (
        "Every command takes `--json`: one JSON document on stdout, [problems](problems.md) as JSON on stderr. Without "
        "it, stdout is for people; its wording may change, the JSON's names do not.\n\n"
        "How a command ends is told by its [exit code](exit-codes.md)."
    )
    return f"# Commands\n\n{MADE}\n\n{notes}\n{body.rstrip()}\n"


def api() -> str:
    """Return the page of all routes, as the OpenAPI document has them."""
    from takeback.web.api.description import described
    from takeback.web.app import create_app

    app = create_app()
    schema = described(app, app.openapi_schema.to_schema())
    by_tag: dict[str, list[str]] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            by_tag.setdefault(operation.get("tags", ["Other"])[0], []).append(_route(method, path, operation))
    notes = (
        "The full description, with all fields, is the OpenAPI 3.1 document that a running Takeback serves at "
        "`/api/openapi.json`. Programs sign in with an API key (`Authorization: Bearer tb_...`). Errors are "
        "[problems](problems.md)."
    )
    parts = [f"## {tag}\n\n" + "\n".join(routes) for tag, routes in sorted(by_tag.items())]
    return "\n".join([f"# Programming interface\n\n{MADE}\n\n{notes}\n", *parts])


def _route(method: str, path: str, operation: Mapping[str, Any]) -> str:
    answers = ", ".join(sorted(code for code in operation.get("responses", {}) if code.startswith("2")))
    lines = [f"### {method.upper()} {path}", "", f"{operation.get('summary', '')}. Answers {answers}.", ""]
    parameters = [
        f"- `{parameter['name']}` ({parameter['in']}): {parameter.get('description', '')}".rstrip(": ")
        for parameter in operation.get("parameters", [])
        if parameter["in"] in ("query", "path")
    ]
    return "\n".join([*lines, *parameters, *([""] if parameters else [])])


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem as it stands in the code: the titles, statuses and exit codes it is raised with."""

    name: str
    titles: tuple[str, ...]
    statuses: tuple[str, ...]
    exit_codes: tuple[str, ...]


def problems() -> str:
    """Return the page of all kinds of problems."""
    notes = (
        "Every refusal of Takeback is a problem: the same in the console, the programming interface (RFC 9457, "
        "`application/problem+json`) and the command line. `type` is `https://takeback.example/problems/` and the "
        "kind; `title` says what is wrong, `where` and `found` what was met, `expected` the rule, `remedy` what to do, "
        "`errors` the single problems of which it is the sum. Kinds are stable; sentences may change and are "
        "translated. What the [exit codes](exit-codes.md) mean stands on a page of its own."
    )
    sections = [
        "\n".join([f"## {kind.name}", "", *(f"{title.rstrip('.')}." for title in kind.titles), _numbers(kind), ""])
        for kind in kinds()
    ]
    return "\n".join([f"# Problems\n\n{MADE}\n\n{notes}\n", *sections]).rstrip() + "\n"


def _numbers(kind: Kind) -> str:
    known = {"HTTP status": kind.statuses, "exit code": kind.exit_codes}
    return "; ".join(f"{name} {' or '.join(values)}" for name, values in known.items() if values)


def kinds() -> list[Kind]:
    """Return the kinds of problems that the package raises, found in its source."""
    found: dict[str, list[Kind]] = {}
    for path in sorted((ROOT / "src").rglob("*.py")):
        for kind in _raised(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(kind.name, []).append(kind)
    return [
        Kind(
            name,
            tuple(dict.fromkeys(title for kind in same for title in kind.titles)),
            tuple(sorted({status for kind in same for status in kind.statuses})),
            tuple(sorted({code for kind in same for code in kind.exit_codes})),
        )
        for name, same in sorted(found.items())
    ]


def _raised(tree: ast.Module) -> Iterator[Kind]:
    """Yield each problem made in a module, by `Problem` itself or by a helper that is given kind and title."""
    titles, numbers = dict(_named_titles(tree)), dict(_named_numbers(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = next((text for a in node.args if (text := _text(a)) and KIND.fullmatch(text)), None)
        title = next((t for argument in node.args if (t := _title(argument, titles))), None)
        direct = ast.unparse(node.func).rpartition(".")[2] == "Problem"
        if name is not None and (direct or title):
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            status = _number(given.get("status"), numbers, default="422" if direct else None)
            code = _number(given.get("exit_code"), numbers, default="1" if direct else None)
            yield Kind(name, (title,) if title else (), status, code)


def _number(node: ast.expr | None, named: Mapping[str, str], *, default: str | None) -> tuple[str, ...]:
    if node is None:
        return (default,) if default else ()
    text = ast.unparse(node)
    found = text if text.isdigit() else named.get(text)
    return (found,) if found else ()


def _named_numbers(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names, values = node.targets[0], node.value
            if isinstance(names, ast.Tuple) and isinstance(values, ast.Tuple):
                yield from zip(map(ast.unparse, names.elts), map(ast.unparse, values.elts), strict=True)
            else:
                yield ast.unparse(names), ast.unparse(values)


def _named_titles(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and (title := _title(node.value, {})):
            yield ast.unparse(node.targets[0]), title


def _title(node: ast.expr, named: Mapping[str, str]) -> str | None:
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "msg" and node.args:
        return _text(node.args[0])
    return named.get(ast.unparse(node)) if isinstance(node, ast.Name) else None


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
