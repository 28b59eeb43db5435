"""How styles write a writer's name."""

from __future__ import annotations

import re

from takeback.share.centre.frontier.source import Writer

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


def whole_name(writer: Writer) -> str:
    """Return `Family, Given`, or the name as it is."""
    return writer.literal or ", ".join(filter(None, (writer.family, writer.given)))


def is_chinese(text: str) -> bool:
    """Tell whether a text is written in Chinese characters."""
    return HAN.search(text) is not None


def initials(given: str, *, mark: str = ".", hyphen: str = "-") -> list[str]:
    """Return the first letters of given names, each with `mark` behind it: `Jean-Paul M` -> `J.-P.`, `M.`."""
    words = [word for word in re.split(r"[\s.]+", given) if word]
    return [
        hyphen.join(part[0].upper() + mark for part in word.split("-") if part) for word in words if word.strip("-")
    ]
