"""Texts that speak of the same things: word overlap, weighed by rarity (TF-IDF and the cosine), computed here.

Source: Salton & Buckley (1988), Term-weighting approaches in automatic text retrieval. Chinese, which has no blanks
between words, is compared by pairs of neighbouring characters.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_PARTS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]{{2,}}")
_EMPTY = frozenset({
    "an", "and", "are", "as", "at", "be", "by", "can", "do", "for", "from", "has", "have", "how", "in", "into", "is",
    "it", "its", "more", "must", "no", "not", "of", "on", "or", "our", "per", "so", "such", "that", "the", "their",
    "them", "they", "this", "to", "too", "we", "what", "when", "where", "which", "who", "why", "will", "with",
})  # fmt: skip
LEAST = 0.1  # cosine below which two texts have nothing in common
TOLD = 5  # words told as the reason

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Similar(Generic[Key]):
    """A text alike; `score`: 0 to 1; `words`: what both speak of, the weightiest first."""

    key: Key
    score: float
    words: tuple[str, ...]


def words_of(text: str) -> list[str]:
    """Return the words of a text: small letters, a plain plural's s left out, Chinese in pairs of characters."""
    found: list[str] = []
    for part in _PARTS.findall(unicodedata.normalize("NFKC", text).casefold()):
        if re.match(f"[{_HAN}]", part):
            found += [part] if len(part) == 1 else [part[at : at + 2] for at in range(len(part) - 1)]
        elif part not in _EMPTY:
            found.append(part[:-1] if len(part) > 3 and part.endswith("s") and not part.endswith("ss") else part)
    return found


def alike(text: str, others: Mapping[Key, str], *, most: int = 5, least: float = LEAST) -> list[Similar[Key]]:
    """Return the texts of `others` that are most like `text`, the most alike first."""
    counts = {key: _counted(other) for key, other in others.items()}
    mine = _counted(text)
    rarity = _rarity([*counts.values(), mine])
    found = [Similar(key, *_cosine(mine, count, rarity)) for key, count in counts.items()]
    return sorted((one for one in found if one.score >= least), key=lambda one: -one.score)[:most]


def alike_pairs(texts: Mapping[Key, str], *, least: float) -> list[tuple[Key, Similar[Key]]]:
    """Return the pairs of texts that are alike, each pair once, the most alike first."""
    counts = {key: _counted(text) for key, text in texts.items()}
    rarity = _rarity([*counts.values()])
    lengths = {key: _length(count, rarity) for key, count in counts.items()}
    having: dict[str, list[tuple[Key, float]]] = {}
    found = []
    for key, count in counts.items():
        sums: dict[Key, float] = {}
        for word, times in count.items():
            weight = times * rarity[word]
            for other, known in having.setdefault(word, []):
                sums[other] = sums.get(other, 0.0) + weight * known
            having[word].append((key, weight))
        close = [other for other, both in sums.items() if both >= least * lengths[key] * lengths[other]]
        found += [(key, Similar(other, *_cosine(count, counts[other], rarity))) for other in close]
    return sorted(found, key=lambda pair: -pair[1].score)


@lru_cache(maxsize=4096)
def _counted(text: str) -> Counter[str]:
    return Counter(words_of(text))


def _rarity(texts: list[Counter[str]]) -> dict[str, float]:
    documents = Counter(word for text in texts for word in text)
    return {word: math.log((1 + len(texts)) / (1 + count)) + 1 for word, count in documents.items()}


def _cosine(a: Counter[str], b: Counter[str], rarity: Mapping[str, float]) -> tuple[float, tuple[str, ...]]:
    both = {word: times * b[word] * rarity[word] ** 2 for word, times in a.items() if word in b}
    if not both:
        return 0.0, ()
    told = sorted(both, key=lambda word: (-both[word], word))[:TOLD]
    return min(1.0, sum(both.values()) / (_length(a, rarity) * _length(b, rarity))), tuple(told)


def _length(count: Counter[str], rarity: Mapping[str, float]) -> float:
    return math.sqrt(sum((times * rarity[word]) ** 2 for word, times in count.items()))
