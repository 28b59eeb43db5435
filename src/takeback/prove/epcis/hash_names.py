"""Names of extension fields as the event hash writes them, remembered for each set of namespaces."""

from __future__ import annotations

from collections.abc import Mapping

from takeback.prove.epcis.names import COMMENT, expanded
from takeback.prove.epcis.values import LONGEST

_CONTEXTS, _NAMES, _PREFIXES = 256, 4096, 64  # kept at most: contexts, names in each, prefixes of one
_known: dict[tuple[tuple[str, str], ...], HashNames] = {}


class HashNames(dict[str, str]):
    """Gives `{namespace}name` for `prefix:name`, and "" for comments, which the hash leaves out."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__()
        self.prefixes = prefixes

    def __missing__(self, name: str) -> str:
        full = "" if name == "comment" else expanded(name, self.prefixes)
        full = "" if full == COMMENT else full
        if len(self) < _NAMES and len(name) <= LONGEST:
            self[name] = full
        return full


_none = HashNames({})
_last: tuple[Mapping[str, str] | None, HashNames] = (None, _none)


def names_of(prefixes: Mapping[str, str] | None) -> HashNames:
    """Return the names under an event's own `@context`."""
    global _last  # noqa: PLW0603 -- the events of a document have the same namespaces, mostly
    if not prefixes:
        return _none
    last, names = _last
    if prefixes != last:
        names = _found(tuple(prefixes.items()))
        _last = (dict(prefixes), names)
    return names


def _found(key: tuple[tuple[str, str], ...]) -> HashNames:
    names = _known.get(key)
    if names is None:
        names = HashNames(dict(key))
        if len(key) <= _PREFIXES and all(len(space) <= LONGEST for _, space in key):
            if len(_known) >= _CONTEXTS:
                _known.clear()
            _known[key] = names
    return names
