"""The words of a centre: kinds, states, fields, choices, units."""

from __future__ import annotations

from takeback.core.message import Message


def kind_word(kind: str, *, many: bool = False) -> Message | str:
    """Return what a kind of record is called, one or many of them."""
    known = KINDS.get(kind)
    return known[many] if known else _by_hand(kind)


def state_word(state: str) -> Message | str:
    """Return what a state is called."""
    return STATES.get(state) or _by_hand(state)


def move_word(state: str) -> Message | str:
    """Return what the button says that moves a record to a state."""
    return MOVES.get(state) or state_word(state)


def field_word(kind: str, name: str) -> Message | str:
    """Return the label of a field: that of the kind's own, else of all fields of that name."""
    return FIELDS.get(f"{kind}.{name}") or FIELDS.get(name) or _by_hand(name.removesuffix("_minor"))


def choice_word(value: object) -> Message | str:
    """Return what a choice is called."""
    return CHOICES.get(str(value)) or STATES.get(str(value)) or _by_hand(str(value))


def _by_hand(code: str) -> str:
    text = code.replace("_", " ").replace("-", " ").strip()
    return text[:1].upper() + text[1:]


KINDS: dict[str, tuple[Message, Message]] = {}
STATES: dict[str, Message] = {}
MOVES: dict[str, Message] = {}
FIELDS: dict[str, Message] = {}
CHOICES: dict[str, Message] = {}

UNITS: dict[str, Message | str] = {"kg": "kg", "km": "km", "kwh": "kWh", "percent": "%", "pct": "%"}


def unit_word(name: str) -> Message | str:
    """Return the unit that a field's name ends with."""
    return UNITS.get(name.rsplit("_", 1)[-1], "")


def room_word(room: str) -> Message | str:
    """Return what a part of the centre is called, by the room that its figures come from."""
    return ROOMS.get(room) or _by_hand(room)


def unit_named(unit: str) -> Message | str:
    """Return a figure's unit; what is merely counted has none."""
    return UNIT_NAMES.get(unit, unit)


def trait_word(trait: str) -> Message | str:
    """Return what people may say of themselves to be counted."""
    return TRAITS.get(trait) or _by_hand(trait)


ROOMS: dict[str, Message] = {}
UNIT_NAMES: dict[str, Message | str] = {"count": "", "kgCO2e": "kg CO₂e", "people": "", "EUR": "€"}
TRAITS: dict[str, Message] = {}
