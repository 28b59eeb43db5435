"""How the searches compile: numba, into a cache beside the source, without reference counts.

Compiled functions may not make arrays: the many arrays of a plan are handed on without counting who holds them, which
takes half of the time otherwise (26 against 13 microseconds a step of `ruin`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., object])
_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}


def entry(function: _Function) -> _Function:
    """Compile what Python calls, too; it lets other threads run."""
    return _compiled(function, no_cfunc_wrapper=True)


def inner(function: _Function) -> _Function:
    """Compile what only other compiled functions call."""
    return _compiled(function, no_cfunc_wrapper=True, no_cpython_wrapper=True)


def inlined(function: _Function) -> _Function:
    """Compile a function into those that call it: the loops that run millions of times."""
    return _compiled(function, forceinline=True)


def _compiled(function: _Function, **options: bool) -> _Function:
    return cast(_Function, cast(Any, njit)(**_OPTIONS, **options)(function))
