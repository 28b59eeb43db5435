"""One change that would turn a choice."""

from __future__ import annotations

from dataclasses import dataclass

from takeback.core.message import Message


@dataclass(frozen=True, slots=True)
class Flip:
    """A change after which `option` would be chosen, everything else (also the shadow prices) as it is.

    - `kind` `condition-below`, `condition-above`: the condition is beyond `threshold`: the state of health that would
      have to be measured or, where classes have none, the index of the first other class that changes the choice.
    - `kind` `price-falls`, `price-rises`: the chosen option's, or `option`'s, price changes by the share `threshold`.
    - `kind` `place-cheaper`: the shadow price of the option's resource falls below `threshold` minor units per unit.
    """

    kind: str
    option: str
    threshold: float
    text: Message
