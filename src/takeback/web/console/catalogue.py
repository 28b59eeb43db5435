"""The translations: gettext catalogues read straight from their .po files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALES = ("en", "zh_Hans")
FOLDER = Path(__file__).parent.parent / "locale"


class Translations:
    """One language. English, the language of the sources, needs no catalogue."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self._catalog = _read(locale)

    def gettext(self, sentence: str) -> str:
        """Return the translation of `sentence`; the sentence itself where there is none."""
        found = self._catalog.get(sentence) if self._catalog else None
        return found.string if found and isinstance(found.string, str) and found.string else sentence

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the form for `count` things."""
        found = self._catalog.get(one) if self._catalog else None
        if found is None or self._catalog is None or not isinstance(found.string, tuple | list):
            return one if count == 1 else many
        return str(found.string[0 if len(found.string) == 1 else min(count != 1, len(found.string) - 1)])


@cache
def translations(locale: str) -> Translations:
    """Return the language `locale`, English for one we do not speak."""
    return Translations(locale if locale in LOCALES else "en")


def _read(locale: str) -> Catalog | None:
    path = FOLDER / locale / "LC_MESSAGES" / "takeback.po"
    if locale == "en" or not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=locale)
