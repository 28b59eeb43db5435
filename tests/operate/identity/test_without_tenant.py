"""Where work is done without a tenant: in few places, each with its reason."""

from __future__ import annotations

import ast
import re
from pathlib import Path

SOURCES = Path(__file__).parents[3] / "src" / "takeback"

ALLOWED = {
    "cli/files.py": "finds the organisation that a file is loaded for, on the server's own machine",
    "cli/genealogy.py": "finds the organisation that looks, on the server's own machine",
    "cli/quality.py": "finds the organisation that looks, on the server's own machine",
    "cli/operate.py": "makes the first organisation and lists all, on the server's own machine",
    "cli/prove.py": "verifies the log, which holds hashes only",
    "cli/proofs.py": "finds the organisation that is named",
    "cli/serve.py": "asks whether there is any organisation",
    "cli/session.py": "checks that the application's role is weak",
    "cli/share/whose.py": "finds the centre that is named, on the server's own machine",
    "cli/worker.py": "removes sessions and keys that are over, of all organisations",
    "demo/cast.py": "registers the people of an invented world",
    "demo/centre/crew.py": "finds the invented centre by its short name",
    "demo/centre/story.py": "finds the invented company whose ledger shows what the centre changed",
    "demo/real_drive.py": "registers the owner of a world made from files, verifies the log",
    "demo/start.py": "asks whether there is any organisation",
    "operate/identity/api_keys.py": "presents a key",
    "operate/identity/inviting.py": "presents an invitation",
    "operate/identity/memberships.py": "presents a person's id: the organisations of somebody known",
    "operate/identity/sessions.py": "sessions and accounts stand before any tenant is known",
    "operate/collection/tokens.py": "presents a route's token",
    "operate/epcis/housekeeping.py": "lists the organisations, to look into each for what is due",
    "operate/genealogy.py": "lists the organisations, whose shares with the caller are counted",
    "prove/sequencer.py": "orders hashes",
    "share/centre/problems/public.py": "finds the centre whose open problem board anybody may read",
    "store/jobs.py": "presents a job's id and takes the tenant from its row",
    "web/api/centre_board.py": "counts requests by address",
    "web/api/health.py": "asks the database whether it is there",
    "web/api/invitations.py": "counts tries by address",
    "web/api/ledger_tiles.py": "gives out the log, which holds hashes only, and takes signatures of it",
    "web/api/me.py": "changes the caller's own account",
    "web/pages/preferences.py": "changes the caller's own language",
    "web/security/authentication.py": "counts requests by caller",
}

OPENERS = {"admin", "presenting"}
_DATABASES = re.compile(
    r"^\s*(?:import|from) (?:sqlalchemy|psycopg|takeback\.store|takeback import .*\bstore)\b", re.MULTILINE
)


def _opens(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in OPENERS or called.removeprefix("store.") in OPENERS or "database()." in f"{called}.":
                return True
        # Searches have engines, too; one of a database is found where databases are known alone.
        if isinstance(node, ast.Attribute) and node.attr == "engine" and re.search(_DATABASES, text):
            return True
    return False


def test_only_named_modules_work_without_a_tenant() -> None:
    """A new use of `store.admin`, `store.presenting` or an engine is named here with its reason, or it is a mistake."""
    found = {path.relative_to(SOURCES).as_posix() for path in SOURCES.rglob("*.py") if _opens(path)}
    assert found - {"store/connections.py"} == set(ALLOWED)
