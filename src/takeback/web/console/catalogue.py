"""The translations: gettext catalogues read straight from their .po files."""

from __future__ import annotations

from collections.abc import Iterator
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
        catalog = _read(locale)
        self._one = {one: forms[0] for one, forms in _sentences(catalog)}
        self._many = dict(_sentences(catalog))

    def gettext(self, sentence: str) -> str:
        """Return the translation of `sentence`; the sentence itself where there is none."""
        return self._one.get(sentence, sentence)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the form for `count` things; our languages have one form, or one for 1 and one for the rest."""
        forms = self._many.get(one, (one, many))
        return forms[0] if count == 1 else forms[-1]


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


def _sentences(catalog: Catalog | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each translated sentence (of a plural: its singular) with its forms."""
    for message in catalog or ():
        one = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if one and forms and all(forms):
            yield one, forms
