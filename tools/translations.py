"""Keep the catalogues of translations in step with the sources.

    python tools/translations.py            take new sentences into every catalogue, drop those no longer said
    python tools/translations.py --missing  print what is not translated yet, one line each; exit code 1 if any

A sentence is written once, in English, as `msg("...")` in Python or `_("...")`, `ngettext("...")` in a template.
"""

# ruff: noqa: T201 -- a command speaks by printing
from __future__ import annotations

import argparse
import io
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src/takeback/web/locale"
LOCALES = ("zh_Hans",)
CHANGING = ("POT-", "PO-Revision", "Last-Translator", "Language-Team", "Report-Msgid", "Generated-By", "Project-Id")
KEYWORDS = {**DEFAULT_KEYWORDS, "msg": None}
HEADER = "# Translations of Takeback, PROJECT\n# Edit the right side; the left side comes from the sources.\n#"


def main() -> int:
    """Update or check the catalogues; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--missing", action="store_true", help="print what is not translated")
    only_missing = parser.parse_args().missing
    found = extracted()
    missing = 0
    for locale in LOCALES:
        catalog = read(locale)
        if not only_missing:
            catalog.update(found, no_fuzzy_matching=True)
            catalog.obsolete.clear()
            write(catalog, locale)
        for message in untranslated(found, catalog):
            missing += 1
            print(f"{locale}: {message.id!r}  ({message.locations[0][0] if message.locations else ''})")
    return 1 if missing and only_missing else 0


def extracted() -> Catalog:
    """Return every sentence of the source tree, with the files it stands in."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    catalog = Catalog(project="Takeback", charset="utf-8")
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS, directory_filter=_in_sources)
    for path, _line, sentence, _comments, context in found:
        catalog.add(sentence, locations=[(Path(path).as_posix(), 0)], context=context)
    return catalog


def _in_sources(folder: str | Path) -> bool:
    """Whether sentences can stand below `folder`; the rest of the tree is large and not read."""
    parts = Path(folder).resolve().relative_to(ROOT).parts
    return parts[:2] in {(), ("src",), ("src", "takeback")} and "vendor" not in parts


def untranslated(found: Catalog, catalog: Catalog) -> list[Message]:
    """Return the sentences of `found` that `catalog` does not say, or is not sure of."""

    def said(message: Message) -> bool:
        known = catalog.get(message.id)
        return bool(known and not known.fuzzy and known.string and all(_forms(known)))

    return [message for message in found if message.id and not said(message)]


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def read(locale: str) -> Catalog:
    """Return a catalogue; an empty one where there is none yet."""
    path = FOLDER / locale / "LC_MESSAGES/takeback.po"
    if not path.exists():
        return Catalog(locale=locale, project="Takeback", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def write(catalog: Catalog, locale: str) -> None:
    """Write a catalogue, sorted by sentence and without line numbers or dates: changes stay small."""
    catalog.fuzzy = False
    catalog.header_comment = HEADER.replace("PROJECT", locale)
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, sort_output=True, include_lineno=False, omit_header=False)
    lines = buffer.getvalue().decode().splitlines()
    kept = [line for line in lines if not line.startswith(tuple(f'"{name}' for name in CHANGING))]
    path = FOLDER / locale / "LC_MESSAGES/takeback.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(kept).rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
