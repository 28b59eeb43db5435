"""Whether a collection problem is whole: each mistake is told with its place, what was found and what is right.

Whether a whole problem can be served is another question: see `explain`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.wellformed_matrices import LARGEST, matrix, profile_matrices
from takeback.plan.collection.wellformed_names import bad_names
from takeback.plan.collection.wellformed_places import bad_places
from takeback.plan.collection.wellformed_values import bad_values

if TYPE_CHECKING:
    from takeback.plan.collection.problem import CollectionProblem

__all__ = ["LARGEST", "ill_formed", "matrix", "mistakes", "profile_matrices"]


def mistakes(problem: CollectionProblem) -> list[Problem]:
    """Return every mistake of `problem` but those of its matrices."""
    return [*bad_names(problem), *bad_values(problem), *bad_places(problem)]


def ill_formed(errors: Sequence[Problem]) -> Problem:
    """Return the one problem that sums up `errors`; a single one stands for itself."""
    if len(errors) == 1:
        return errors[0]
    return Problem(
        "collection.ill-formed",
        msg("The collection problem has {count} mistakes", count=len(errors)),
        errors=errors,
    )
