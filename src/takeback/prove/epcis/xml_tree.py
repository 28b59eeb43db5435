"""The XML library, which ships no types, behind one door."""

from __future__ import annotations

from typing import Any

from lxml import etree  # type: ignore[import-untyped]

__all__ = ["Element", "etree"]

Element = Any  # lxml.etree._Element
