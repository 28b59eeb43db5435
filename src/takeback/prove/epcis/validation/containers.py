"""What is inside what while a document is read: aggregations and associations (EPCIS 2.0, 7.4)."""

from __future__ import annotations

from collections.abc import Sequence

from takeback.core.message import msg
from takeback.prove.epcis.validation.known import ASSOCIATION, Known
from takeback.prove.epcis.validation.lives import Keys, Lives, named

_KNOWN = -1  # put in before this document
_DEEPEST = 32  # containers within containers; goods have five


class Containers:
    """Parents by child, as events put in, take out and empty."""

    def __init__(self, known: Known, keys: Keys, lives: Lives) -> None:
        self._keys = keys
        self._lives = lives
        self._parents: dict[int, dict[tuple[int, int], int]] = {
            child: dict.fromkeys(parents, _KNOWN) for child, parents in known.parents.items()
        }
        self._emptied: dict[tuple[int, int], int] = {}

    def put_in(self, children: Sequence[str], parent: str, kind: int) -> None:
        """Put children into a parent, or see them there."""
        place = (self._keys[parent], kind)
        elsewhere: list[str] = []
        for child in children:
            key = self._keys[child]
            inside = self._parents.setdefault(key, {})
            others = [other for other in self._current(key, kind) if other != place]
            if others and not (kind == ASSOCIATION and _is_place(parent)):
                elsewhere.append(child)
            for other in others:
                del inside[other]  # the newest statement counts
            inside[place] = self._lives.index
        if elsewhere:
            self._tell_two(elsewhere, parent)
        if place[0] in self._parents:
            self._tell_cycle(children, parent, place[0])

    def take_out(self, children: Sequence[str], parent: str, kind: int) -> None:
        """Take children out of a parent."""
        place = (self._keys[parent], kind)
        elsewhere: list[str] = []
        nowhere: list[str] = []
        for child in children:
            current = self._current(self._keys[child], kind)
            if place in current:
                del self._parents[self._keys[child]][place]
            else:
                (elsewhere if current else nowhere).append(child)
        if elsewhere:
            self._lives.tell(
                "lifecycle.elsewhere",
                elsewhere,
                msg("{things} cannot leave {parent}: another one holds it", things=named(elsewhere), parent=parent),
                msg("Check the parent's number; report first how it came from the other one into this one."),
            )
        if nowhere:
            self._lives.tell(
                "lifecycle.not-inside",
                nowhere,
                msg("{things} leaves {parent}, but was never put in", things=named(nowhere), parent=parent),
                msg("Report the aggregation or association (action ADD) before it ends."),
            )

    def empty(self, parent: str, kind: int) -> None:
        """Take all out: DELETE without children."""
        self._emptied[self._keys[parent], kind] = self._lives.index

    def _current(self, child: int, kind: int) -> list[tuple[int, int]]:
        inside = self._parents.get(child)
        if not inside:
            return []
        emptied = self._emptied
        return [place for place, since in inside.items() if place[1] == kind and since >= emptied.get(place, _KNOWN)]

    def _tell_two(self, children: Sequence[str], parent: str) -> None:
        self._lives.tell(
            "lifecycle.two-parents",
            children,
            msg("{things} is put into {parent} but still is in another one", things=named(children), parent=parent),
            msg("Report first that it left the other one (action DELETE), or check both numbers."),
        )

    def _tell_cycle(self, children: Sequence[str], parent: str, key: int) -> None:
        keys = {self._keys[child]: child for child in children}
        level = {key}
        for _ in range(_DEEPEST):
            level = {place[0] for one in level for place in self._parents.get(one, ())}
            if not level:
                return
            if inside := level & keys.keys():
                child = keys[min(inside)]
                self._lives.tell(
                    "lifecycle.cycle",
                    [child],
                    msg("{parent} is itself inside {child}", parent=parent, child=child),
                    msg("Check which of the two holds the other."),
                )
                return


def _is_place(epc: str) -> bool:
    return epc.startswith("urn:epc:id:sgln:") or "/414/" in epc
