"""Checklists to begin with. Weights and caps are the house's own judgement: copy one and change it to yours."""

from __future__ import annotations

from takeback.core.message import Message, msg
from takeback.plan.grading.goods.checklist import Answer, Checklist, Question

SOURCE = "Takeback's own judgement, to be replaced by the house's rules"
THRESHOLDS = (90.0, 75.0, 55.0, 30.0)


def standard_checklists() -> dict[str, Checklist]:
    """Return the checklists `general`, `electronics`, `apparel` and `hygiene` (goods for skin or mouth)."""
    lists = {
        "general": (_packaging(10), _complete(20), _cosmetic(30), _works(40)),
        "electronics": (_packaging(5), _complete(15), _cosmetic(25), _works(45), _wiped(), _locked()),
        "apparel": (_tags(15), _worn(35), _stains(40), _odour()),
        "hygiene": (_packaging(10), _seal(), _complete(20), _works(30)),
    }
    return {name: Checklist(name, "1", questions, THRESHOLDS, SOURCE) for name, questions in lists.items()}


def _yes(code: str = "yes") -> Answer:
    return Answer(code, msg("Yes."))


def _no(severity: float, cap: str | None = None, text: Message | None = None) -> Answer:
    return Answer("no", text or msg("No."), severity, cap)


def _packaging(weight: float) -> Question:
    answers = (
        Answer("sealed", msg("Sealed.")),
        Answer("opened", msg("Opened, undamaged."), 0.3, "B"),
        Answer("damaged", msg("Damaged."), 0.8, "B"),
        Answer("missing", msg("Missing."), 1.0, "B"),
    )
    return Question("packaging", "packaging", msg("How is the original packaging?"), weight, answers)


def _complete(weight: float) -> Question:
    answers = (
        _yes(),
        Answer("accessory", msg("An accessory is missing."), 0.5, "B"),
        Answer("part", msg("A main part is missing."), 1.0, "D"),
    )
    return Question("complete", "completeness", msg("Is everything there?"), weight, answers)


def _cosmetic(weight: float) -> Question:
    answers = (
        Answer("none", msg("None.")),
        Answer("light", msg("Light, not seen at arm's length."), 0.4, "B"),
        Answer("clear", msg("Clearly visible."), 0.8, "C"),
        Answer("heavy", msg("Heavy: cracks, dents, breakage."), 1.0, "D"),
    )
    return Question("cosmetic", "cosmetic", msg("Which marks of use are there?"), weight, answers)


def _works(weight: float) -> Question:
    answers = (
        _yes(),
        Answer("minor", msg("With a minor fault."), 0.5, "C"),
        Answer("untested", msg("Not tested."), 0.5, "C"),
        _no(1.0, "D"),
    )
    return Question("works", "functional", msg("Does it work?"), weight, answers)


def _wiped() -> Question:
    answers = (_yes(), Answer("none", msg("It holds no data.")), _no(0.2, "C"))
    return Question("wiped", "data", msg("Has personal data been wiped?"), 10, answers)


def _locked() -> Question:
    answers = (Answer("free", msg("No.")), Answer("locked", msg("Yes."), 1.0, "E"))
    return Question("locked", "functional", msg("Is it locked to an account or reported stolen?"), 10, answers)


def _tags(weight: float) -> Question:
    answers = (_yes(), Answer("loose", msg("Loose."), 0.5, "B"), _no(1.0, "B"))
    return Question("tags", "packaging", msg("Are the tags still on?"), weight, answers)


def _worn(weight: float) -> Question:
    answers = (
        Answer("no", msg("No.")),
        Answer("tried", msg("Tried on."), 0.1),
        Answer("worn", msg("Worn."), 0.7, "C"),
        Answer("torn", msg("Torn or worn out."), 1.0, "D"),
    )
    return Question("worn", "cosmetic", msg("Has it been worn?"), weight, answers)


def _stains(weight: float) -> Question:
    answers = (
        Answer("no", msg("No.")),
        Answer("washable", msg("Washable."), 0.4, "C"),
        Answer("permanent", msg("Permanent."), 1.0, "D"),
    )
    return Question("stains", "cosmetic", msg("Are there stains?"), weight, answers)


def _odour() -> Question:
    answers = (
        Answer("none", msg("None.")),
        Answer("slight", msg("Slight."), 0.5, "C"),
        Answer("strong", msg("Strong."), 1.0, "D"),
    )
    return Question("odour", "hygiene", msg("Does it smell?"), 10, answers)


def _seal() -> Question:
    answers = (Answer("intact", msg("Intact.")), Answer("broken", msg("Broken."), 1.0, "E"))
    return Question("seal", "hygiene", msg("How is the hygiene seal?"), 40, answers)
