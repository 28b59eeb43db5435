"""Workbooks as Excel itself writes them: texts stand once in a part of their own, and cells point to them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

_INLINE = re.compile(rb'<c r="(\w+)" t="inlineStr"><is><t[^>]*>(.*?)</t></is></c>')
_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml" />'
)
_RUNS = (
    b'<si><r><t>%s</t></r><r><rPr><b/></rPr><t xml:space="preserve">%s</t></r>'
    b'<rPh sb="0" eb="1"><t>pinyin</t></rPh></si>'
)


def with_shared_texts(path: Path, replace: dict[bytes, bytes] | None = None) -> Path:
    """Rewrite a workbook of openpyxl with shared texts, half of them in two formats; `replace` changes the XML."""
    texts: list[bytes] = []

    def shared(match: re.Match[bytes]) -> bytes:
        texts.append(match[2])
        return b'<c r="%s" t="s"><v>%d</v></c>' % (match[1], len(texts) - 1)

    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
        parts[name] = _INLINE.sub(shared, parts[name])
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", _TYPE + b"</Types>")
    items = b"".join(
        _RUNS % (text[:1], text[1:]) if n % 2 and text.isascii() else b"<si><t>%s</t></si>" % text
        for n, text in enumerate(texts)
    )
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    parts["xl/sharedStrings.xml"] = head + items + b"</sst>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            changed = content
            for old, new in (replace or {}).items():
                changed = changed.replace(old, new)
            target.writestr(name, changed)
    return path
