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
    counts = {key: Counter(words_of(other)) for key, other in others.items()}
    mine = Counter(words_of(text))
    rarity = _rarity([*counts.values(), mine])
    asked = _weights(mine, rarity)
    scored = [(key, *_cosine(asked, _weights(count, rarity))) for key, count in counts.items()]
    found = [Similar(key, score, words) for key, score, words in scored if score >= least]
    return sorted(found, key=lambda one: -one.score)[:most]


def _rarity(texts: list[Counter[str]]) -> dict[str, float]:
    documents = Counter(word for text in texts for word in text)
    return {word: math.log((1 + len(texts)) / (1 + count)) + 1 for word, count in documents.items()}


def _weights(count: Counter[str], rarity: Mapping[str, float]) -> dict[str, float]:
    weights = {word: times * rarity[word] for word, times in count.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items()}


def _cosine(a: Mapping[str, float], b: Mapping[str, float]) -> tuple[float, tuple[str, ...]]:
    both = {word: weight * b[word] for word, weight in a.items() if word in b}
    told = sorted(both, key=lambda word: (-both[word], word))[:TOLD]
    return min(1.0, sum(both.values())), tuple(told)
