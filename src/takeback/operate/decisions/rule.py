"""What the static rule would do with the same items and the same resources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from takeback.operate.decisions.market import Market

_RULE = sa.text("select category, grade, preferences from static_rule where vertical = :vertical")


def rule_choices(connection: sa.Connection, vertical: str, items: Sequence[sa.Row[Any]], market: Market) -> list[str]:
    """Return the disposition the rule gives each item, in the order of arrival with overflow to the next; ""
    without a rule.

    The rule never waits. What an earlier run saw keeps what the rule did with it then, and takes no room again.
    """
    rule = {(row.category, row.grade): row.preferences for row in connection.execute(_RULE, {"vertical": vertical})}
    room = {resource.name: resource.available for resource in market.resources}
    columns = {option.name: (place, option.resource) for place, option in enumerate(market.options)}
    choices = []
    for item in items:
        chosen = item.rule_disposition or ""
        for disposition in () if chosen else rule.get((item.category, item.grade), ()):
            if disposition not in columns:
                continue  # an outlet that the organisation does not have (any more)
            place, resource = columns[disposition]
            load = market.load[market.categories[item.category], place]
            if resource is None or room[resource] >= load:
                if resource is not None:
                    room[resource] -= load
                chosen = disposition
                break
        choices.append(chosen)
    return choices
