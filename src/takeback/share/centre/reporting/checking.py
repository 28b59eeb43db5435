"""A report's data is checked by anybody, with nothing but the file: that what its figures rest on is in the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from takeback.core.message import Message, msg
from takeback.prove.checkpoint import opened
from takeback.prove.merkle import root_from_inclusion
from takeback.prove.signednote import unbase64


def check_report(said: Mapping[str, Any], *, origin: str = "", public: bytes | None = None) -> list[Message]:
    """Return what does not hold of a report's data (`data.as_data`, as JSON); nothing: all holds.

    Every entry that a figure names must be among the proofs, every path must lead to the checkpoint's root, and every
    figure other than zero must rest on something. With the log's `origin` and `public` key (32 bytes) the checkpoint's
    signature is looked at, too; without them the root is only what the file itself says.
    """
    try:
        return [*_findings(said, origin, public)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [msg("this is not the data of a report: {error}", error=repr(error))]


def _findings(said: Mapping[str, Any], origin: str, public: bytes | None) -> Iterator[Message]:
    ledger = said["ledger"]
    size, root = int(ledger["size"]), unbase64(ledger["root"])
    lines = str(ledger["checkpoint"]).splitlines()
    if size and (len(lines) < 3 or lines[1] != str(size) or unbase64(lines[2]) != root):
        yield msg("the checkpoint is of another size or root")
    if size and public is not None and opened(str(ledger["checkpoint"]), origin, public) != (size, root):
        yield msg("the checkpoint's signature does not hold")
    nodes = [unbase64(node) or b"" for node in ledger["nodes"]]
    proven = set()
    for one in ledger["entries"]:
        if _leads_to(one, size, nodes) != root:
            yield msg("entry {entry}: the path does not lead to the root", entry=str(one["entry"]))
        proven.add(one["entry"])
    for figure in [*said["figures"], *said["indicators"], *_plans(said["indicators"])]:
        yield from _figure(figure, proven)


def _plans(indicators: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the figures over the plan; reports made before these were told have none."""
    yield from ({"code": one["code"], **one["plan"]} for one in indicators if "plan" in one)


def _leads_to(one: Mapping[str, Any], size: int, nodes: Sequence[bytes]) -> bytes | None:
    path = [nodes[number] if 0 <= number < len(nodes) else b"" for number in one["path"]]
    return root_from_inclusion(int(one["leaf_index"]), size, unbase64(one["leaf_hash"]) or b"", path)


def _figure(figure: Mapping[str, Any], proven: set[int]) -> Iterator[Message]:
    if missing := sorted({one["entry"] for one in figure["evidence"]} - proven):
        yield msg("{figure}: entry {entry} has no proof", figure=figure["code"], entry=str(missing[0]))
    if figure["value"] and not figure["evidence"] and not figure.get("records", 0):
        yield msg("{figure}: rests on nothing", figure=figure["code"])
