"""The answer: one option for each item, with its price list and the proof of how good the whole is."""

from __future__ import annotations

from dataclasses import dataclass

from takeback.plan.disposition.problem import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class DispositionSolution:
    """What becomes of each of n items, and why nothing much better exists. Money in minor units.

    K = number of options, one more where the problem offers to hold (the last column).

    - `choice` (n,): the chosen column.
    - `value` (n, K): what was maximised: expected net recovery less reserve prices; -inf where barred.
    - `low`, `high` (n, K): 80 % interval of the realised net recovery (condition and price uncertain); nan
      where barred, and in the hold column.
    - `runner_up` (n,): next best column once scarce resources carry their shadow price; -1 where there is
      none.
    - `margin` (n,): how much worse the runner-up is, on those prices; inf where there is none. Below 0
      only where indivisible loads left no room.
    - `capacity_denied` (n,): another option was worth more to this item alone, but its resource earns more
      elsewhere.
    - `shadow_price` (R,): value of one more unit of each resource, minor units; also the certificate of
      `bound`.
    - `used` (R,): units of each resource taken.
    - `objective`: sum of `value` over the choices; `bound`: no assignment whatever has a larger objective.
    - `expected_recovery`: expected net recovery of the items decided now (without those held; reserve
      prices not charged).
    - `recovery_low`, `recovery_high`: 80 % interval of that sum; a price error is shared by all items of
      its category, condition and option, conditions are independent between items.
    """

    choice: IntArray
    value: FloatArray
    low: FloatArray
    high: FloatArray
    runner_up: IntArray
    margin: FloatArray
    capacity_denied: BoolArray
    shadow_price: FloatArray
    used: FloatArray
    objective: float
    bound: float
    expected_recovery: float
    recovery_low: float
    recovery_high: float
    seconds: float
    seed: int
    version: str

    @property
    def gap(self) -> float:
        """Relative distance between `objective` and `bound`; 0 = proven best."""
        return max(0.0, self.bound - self.objective) / max(1.0, abs(self.bound))
