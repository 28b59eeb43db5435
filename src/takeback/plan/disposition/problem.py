"""What is asked: which disposition each returned thing gets, while benches, lines and buyers are scarce.

For item i of category c and size s, waited w days, the expected net recovery of option d is

    EV(i, d) = sum over conditions g of belief(i, g) *
               [ s * price(c, g, d) * exp(-decay(c, g, d) * (w + days(c, g, d)))
                 - cost(c, g, d) - s * size_cost(c, g, d) ]

(expected net recovery with time decay: Guide, Souza, Blackburn and Van Wassenhove 2006; the portfolio
layer with capacity is a transport-like linear programme whose dual prices are the bid prices of the scarce
resources).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from takeback.core.message import Message
from takeback.plan.disposition import valid

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

ADMITTED = -1
"""The value of `DispositionProblem.bar` where an option is open to an item."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Something scarce that options use: bench hours, places in an outlet, kilograms of a line.

    - `available`: how much may be used in this planning period, in `unit`; `inf` = not scarce.
    - `reserve_price`: minor units per unit of the resource, charged on every use because later items would
      pay it. Keep 0 for what cannot be stored (today's hours); set it for a stock that lasts several
      periods (a buyer's season quota).
    """

    name: str
    available: float
    unit: str = "items"
    reserve_price: float = 0.0


@dataclass(frozen=True, slots=True)
class Option:
    """A disposition an item may get; `resource` names the scarce thing it uses (None = unlimited)."""

    name: str
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What each option brings and costs, arrays of shape (categories, conditions, options).

    - `price`: net price in minor units for one unit of item size, sold on the item's reference day; >= 0
      (gate fees are costs).
    - `decay_per_day`: continuous rate at which that price falls, 1/day.
    - `days`: days from the decision until the money is realised (queue + processing + sale).
    - `cost`: handling and transport in minor units per item.
    - `size_cost`: processing cost in minor units per unit of item size (per kWh, say).
    - `price_sd`: relative standard deviation of the price (0.18 = 18 %).
    """

    price: FloatArray
    decay_per_day: FloatArray
    days: FloatArray
    cost: FloatArray
    price_sd: FloatArray
    size_cost: FloatArray

    @staticmethod
    def of(
        price: npt.ArrayLike,
        *,
        decay_per_day: npt.ArrayLike = 0.0,
        days: npt.ArrayLike = 0.0,
        cost: npt.ArrayLike = 0.0,
        price_sd: npt.ArrayLike = 0.0,
        size_cost: npt.ArrayLike = 0.0,
    ) -> Terms:
        """Return terms; all but `price` (categories, conditions, options) may have a shape that spreads to
        it."""
        base = np.asarray(price, dtype=np.float64)

        def full(values: npt.ArrayLike) -> FloatArray:
            return np.broadcast_to(np.asarray(values, dtype=np.float64), base.shape)

        return Terms(base, full(decay_per_day), full(days), full(cost), full(price_sd), full(size_cost))


@dataclass(frozen=True, slots=True)
class Hold:
    """The extra option "decide next time": worth what the best option is expected to bring then.

    value(i) = max over admitted options d of
               [EV(i, d) after `days` more days - load(i, d) * future_price(d)] - cost

    - `days`: until the next decision. `cost`: minor units for keeping one item until then.
    - `future_price` (R,): minor units per unit of each resource, in the order of
      `DispositionProblem.resources`, learnt from recent days or a forecast
      (`takeback.plan.disposition.bidprice`).
    - `allowed`: (n,) which items may still wait (a statutory clock or the house's maximum age says no).
    """

    days: float
    future_price: FloatArray
    allowed: BoolArray
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class DispositionProblem:
    """A batch of n items over C categories, G condition classes and D options.

    - `belief` (n, G): probability of each condition class; rows sum to 1.
    - `category` (n,): index into `categories`; `size` (n,): multiplies prices (1, list price, kWh ...), > 0.
    - `waited_days` (n,): days since the day the prices refer to (0 where `terms` are today's prices of
      this item).
    - `load` (n, D): units of the option's resource that the item takes.
    - `bar` (n, D): -1 (`ADMITTED`) or an index into `bar_reasons`: why law, safety or a contract forbids it.
    - `keys` (n,): the caller's own numbers of the items, for reports.
    - `condition_value` (G,): state of health (ratio) of each class where all have one; else None. Classes of the same
      kind of fault stand together, from worst to best or from best to worst.
    - `measured` (n,): state of health (ratio) as it was measured, nan where it was not; else None. Explains choices,
      never makes them.
    """

    categories: tuple[str, ...]
    conditions: tuple[str, ...]
    options: tuple[Option, ...]
    resources: tuple[Resource, ...]
    terms: Terms
    category: IntArray
    belief: FloatArray
    size: FloatArray
    waited_days: FloatArray
    load: FloatArray
    bar: IntArray
    bar_reasons: tuple[Message, ...]
    keys: IntArray
    currency: str = "EUR"
    hold: Hold | None = None
    condition_value: FloatArray | None = None
    measured: FloatArray | None = None

    def __post_init__(self) -> None:
        valid.refuse_mistakes(self)

    @staticmethod
    def of(
        *,
        categories: Sequence[str],
        conditions: Sequence[str],
        options: Sequence[Option],
        resources: Sequence[Resource],
        terms: Terms,
        category: npt.ArrayLike,
        belief: npt.ArrayLike,
        size: npt.ArrayLike = 1.0,
        waited_days: npt.ArrayLike = 0.0,
        load: npt.ArrayLike = 1.0,
        bar: npt.ArrayLike = ADMITTED,
        bar_reasons: Sequence[Message] = (),
        keys: npt.ArrayLike | None = None,
        currency: str = "EUR",
        hold: Hold | None = None,
        condition_value: npt.ArrayLike | None = None,
        measured: npt.ArrayLike | None = None,
    ) -> DispositionProblem:
        """Return a problem; scalars and rows are spread to the shapes of the class description."""
        index = np.asarray(category, dtype=np.int64)
        n, d = len(index), len(options)
        return DispositionProblem(
            tuple(categories),
            tuple(conditions),
            tuple(options),
            tuple(resources),
            terms,
            index,
            np.asarray(belief, dtype=np.float64),
            np.broadcast_to(np.asarray(size, dtype=np.float64), (n,)),
            np.broadcast_to(np.asarray(waited_days, dtype=np.float64), (n,)),
            np.broadcast_to(np.asarray(load, dtype=np.float64), (n, d)),
            np.broadcast_to(np.asarray(bar, dtype=np.int64), (n, d)),
            tuple(bar_reasons),
            np.arange(n, dtype=np.int64) if keys is None else np.asarray(keys, dtype=np.int64),
            currency,
            hold,
            None if condition_value is None else np.asarray(condition_value, dtype=np.float64),
            None if measured is None else np.asarray(measured, dtype=np.float64),
        )

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.category)

    @property
    def hold_column(self) -> int | None:
        """The column that means "hold", one past the options; None where holding is not offered."""
        return None if self.hold is None else len(self.options)

    @property
    def resource_of(self) -> IntArray:
        """(D,) index of each option's resource, -1 where the option is unlimited."""
        index = {resource.name: i for i, resource in enumerate(self.resources)}
        return np.array([index.get(o.resource or "", -1) for o in self.options], dtype=np.int64)

    def take(self, rows: npt.ArrayLike) -> DispositionProblem:
        """Return the problem of these items alone; resources keep what is available."""
        at = np.asarray(rows)
        hold = self.hold and replace(self.hold, allowed=self.hold.allowed[at])
        return replace(
            self,
            category=self.category[at],
            belief=self.belief[at],
            size=self.size[at],
            waited_days=self.waited_days[at],
            load=self.load[at],
            bar=self.bar[at],
            keys=self.keys[at],
            hold=hold,
            measured=None if self.measured is None else self.measured[at],
        )
