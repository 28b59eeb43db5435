"""Say where code could step around the tenant; part of `make lint`.

Row-level security binds every query as long as the connection is the store's own and nothing changes its role
or its tenant. So two things are looked for, in the package and its benches:

- a connection that is opened outside `takeback.store`;
- SQL, in any string or `.sql` file, that sets the tenant or the role, or loosens row-level security.

What is allowed stands in `ALLOWED`, with the reason. That each table has its policy is tested on a real database
(`tests/test_tenants.py`). Exit code 1 and one line for each finding.
"""

# ruff: noqa: T201 -- a command speaks by printing
from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

OPENERS = {"create_engine", "create_async_engine", "psycopg.connect", "ConnectionPool", "AsyncConnectionPool"}
LOOSE = re.compile(
    r"set_config\s*\(|\b(?:set|reset)\s+(?:local\s+|session\s+)?(?:role|session\s+authorization)\b(?!\s*=)"
    r"|\bset\s+(?:local\s+|session\s+)?takeback\.|\brow_security\b|\bsecurity\s+definer\b|\bdisable\s+row\s+level\b"
    r"|\bno\s+force\s+row\s+level\b|\balter\s+role\b.*\bbypassrls\b",
    re.IGNORECASE,
)

ALLOWED = {
    "src/takeback/store/connections.py": "sets the tenant for the transaction it opens",
    "src/takeback/store/roles.sql": "makes the roles, as the server's administrator",
    "src/takeback/operate/migrations/versions/operate_0003_ranges.py": "fills new columns of all tenants, as the owner",
    "src/takeback/operate/migrations/versions/operate_0010_spent_invitations.py": "deletes of all tenants, as owner",
    "src/takeback/prove/migrations/versions/prove_0002_epcis.py": "fills new columns of all tenants, as the owner",
    "src/takeback/prove/migrations/versions/prove_0010_item_time.py": "fills a new column of all tenants, as the owner",
    "src/takeback/prove/migrations/versions/prove_0011_runs.py": "fills a new table of all tenants, as the owner",
    "src/takeback/prove/migrations/versions/prove_0012_things.py": "fills a new column of all tenants, as the owner",
    "src/takeback/prove/sequencer.py": "takes on the sequencer's role, which sees hashes only",
}


def main() -> int:
    """Print the findings; return the exit code."""
    found = [line for path in _sources() for line in _findings(path)]
    print("\n".join(found) or "tenant lint: no way around the tenant")
    return 1 if found else 0


def _sources() -> Iterator[Path]:
    for folder in ("src", "bench"):
        yield from sorted((ROOT / folder).rglob("*.py"))
        yield from sorted((ROOT / folder).rglob("*.sql"))


def _findings(path: Path) -> Iterator[str]:
    name = path.relative_to(ROOT).as_posix()
    if name in ALLOWED:
        return
    for line, what in findings(path.read_text(encoding="utf-8"), name):
        yield f"{name}:{line}: {what}"


def findings(text: str, name: str) -> Iterator[tuple[int, str]]:
    """Yield line and sentence for each finding in a file of this name."""
    if name.endswith(".sql"):
        yield from ((text[: hit.start()].count("\n") + 1, _loosens(hit)) for hit in LOOSE.finditer(text))
        return
    tree = ast.parse(text, name)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings do nothing
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield from ((node.lineno, _loosens(hit)) for hit in LOOSE.finditer(node.value))
        elif isinstance(node, ast.Call) and not name.startswith("src/takeback/store/"):
            called = ast.unparse(node.func)
            if called in OPENERS or called.rpartition(".")[2] in OPENERS:
                yield node.lineno, f"{called} opens a connection outside takeback.store"


def _loosens(hit: re.Match[str]) -> str:
    return f"SQL that can leave the tenant: {hit[0]!r}"


if __name__ == "__main__":
    sys.exit(main())
