"""`takeback prove`: bundles for strangers, maps of what is complete, receipts, erasure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from cyclopts import Parameter

from takeback import store
from takeback.cli.answer import Answer
from takeback.cli.session import database
from takeback.core.items import item_hex, item_key
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.operate import items as items_of
from takeback.operate.identity import organisation_by_slug
from takeback.prove.bundle import Asked, make_bundle
from takeback.prove.bundle_check import verify_bundle
from takeback.prove.checkpoint import LogKey
from takeback.prove.completeness import make_map
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.erasure import erase
from takeback.prove.policy import policy_of
from takeback.prove.receipt import promises
from takeback.store.settings import Settings

_ACTOR = "cli"


@contextmanager
def _party(slug: str) -> Iterator[tuple[Settings, sa.Connection, UUID]]:
    with database() as settings:
        with store.admin() as connection:
            org = organisation_by_slug(connection, slug).id
        with store.transaction(org) as connection:
            yield settings, connection, org


def bundle(
    item: str | None = None,
    /,
    *,
    org: str,
    entries: Annotated[list[int] | None, Parameter(negative=())] = None,
    numbers: str | None = None,
    since: int | None = None,
    disclose: bool = False,
) -> Answer:
    """Write a proof bundle to stdout: a file that a stranger checks without us.

    It is checked by `takeback_verify.py` (one file, no part of Takeback), or by the page /verify in a browser.

    Parameters
    ----------
    item:
        The thing whose entries it shall hold, all of them: its code, EPC or URI.
    org:
        The organisation whose entries they are, by its short name.
    entries:
        Entries by their ids, each behind an `--entries` of its own, instead of a thing.
    numbers:
        A run of the organisation's running numbers, as `1-500`, instead of a thing.
    since:
        The size of a checkpoint that the stranger has kept: adds the proof that the log only grew since.
    disclose:
        With the personal data that belongs to the entries.
    """
    with _party(org) as (settings, connection, party):
        key, uri = _named(connection, item) if item else (None, None)
        asked = Asked(entries=entries or (), numbers=_run(numbers), item=key, uri=uri, since=since, disclose=disclose)
        made = make_bundle(connection, party, asked, LogKey.kept_in(settings.home), policy_of(settings.home))
    return Answer(made, (json.dumps(made, ensure_ascii=False),))


def complete(item: str, /, *, org: str, new: bool = False) -> Answer:
    """Show how many entries there are about a thing, and prove that these are all, or that there is none.

    Parameters
    ----------
    item:
        The thing: its code, EPC or URI.
    org:
        The organisation, by its short name.
    new:
        Make a new map first, where something was recorded since the last.
    """
    with _party(org) as (settings, connection, party):
        made = make_map(connection, party, actor=_ACTOR, at=clock.now(connection, party)) if new else None
    if made is not None:
        _wait_for(settings)
    with _party(org) as (settings, connection, party):
        key, uri = _named(connection, item)
        log = LogKey.kept_in(settings.home)
        proof = make_bundle(connection, party, Asked(item=key, uri=uri), log, policy_of(settings.home))
    findings = verify_bundle(json.dumps(proof).encode(), log.verifier)
    return Answer(proof, _complete_lines(proof, findings), exit_code=int(bool(findings)))


def map_(*, org: str) -> Answer:
    """Make the map of what is complete for an organisation now; a worker makes one each day.

    Parameters
    ----------
    org:
        The organisation, by its short name.
    """
    with _party(org) as (_, connection, party):
        entry = make_map(connection, party, actor=_ACTOR, at=clock.now(connection, party))
    line = f"Entry {entry} has the map's root." if entry else "Nothing was recorded since the last map."
    return Answer({"entry": entry}, (line,))


def receipt(entries: list[int], /, *, org: str) -> Answer:
    """Write the log's signed promise for entries to stdout.

    Parameters
    ----------
    entries:
        Their ids.
    org:
        The organisation, by its short name.
    """
    with _party(org) as (settings, connection, party):
        promise = promises(connection, party, entries, LogKey.kept_in(settings.home))
    return Answer(promise, (json.dumps(promise, ensure_ascii=False),))


def erase_(entries: list[int], /, *, org: str, ground: str) -> Answer:
    """Erase the personal data of entries for good; the ledger records when, by whom and on which ground, not what.

    Parameters
    ----------
    entries:
        Their ids.
    org:
        The organisation, by its short name.
    ground:
        The legal ground, as "GDPR Art. 17(1)(b)".
    """
    with _party(org) as (_, connection, party):
        at = clock.now(connection, party)
        count = erase(connection, party, entries, actor=_ACTOR, at=at, ground=ground)
    return Answer({"objects": count}, (f"{count} objects with personal data are gone. The log verifies as before.",))


def _named(connection: sa.Connection, text: str) -> tuple[int, str | None]:
    """Return key and canonical URI of what was typed."""
    if (found := items_of.scanned(connection, text)) is not None:
        key, uri = items_of.parse_key(found), canonical_uri(items_of.one(connection, found).epc)
    else:
        uri = canonical_uri(text)
        if ":" not in uri:
            raise items_of.unknown(text)
        key = item_key(uri)
    return key, uri if item_key(uri) == key else None


def _run(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    first, dash, last = text.partition("-")
    if not (dash and first.isdecimal() and last.isdecimal() and 0 < int(first) <= int(last) < 1 << 63):
        raise Problem("cli.bad-run", msg("A run of numbers is not understood."), found=text, expected="1-500")
    return int(first), int(last)


def _wait_for(settings: Settings) -> None:
    """Let the log take in what was recorded: where no worker runs, nobody else does."""
    from takeback.prove.sequencer import sequence_all

    with database():
        sequence_all(LogKey.kept_in(settings.home))


def _complete_lines(proof: dict[str, Any], findings: list[str]) -> list[str]:
    said = proof["completeness"]
    size = json.loads(said["map"]["body"])["takeback:map"]["size"]
    count, name = len(said["leaves"]), said["uri"] or item_hex(int(said["item"], 16))
    told = f"These are all entries about {name}" if count else f"There is no entry about {name}"
    later = len(proof["entries"]) - count
    return [
        f"{told} among the first {size:,} leaves of the log: {count:,}.",
        *([f"{later:,} more came since that map."] if later else []),
        *(["The proof does NOT hold:", *findings] if findings else ["The proof holds."]),
    ]
