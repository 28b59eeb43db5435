"""How the kernels are compiled: few doors to Python, no counting of references, which no kernel needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., object])
_OPTIONS: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,
    "no_cfunc_wrapper": True,
}


def inner(function: _Function) -> _Function:
    """Compile what only other kernels call."""
    return cast(_Function, cast(Any, njit)(**_OPTIONS, no_cpython_wrapper=True)(function))


def entry(function: _Function) -> _Function:
    """Compile what Python calls, too."""
    return cast(_Function, cast(Any, njit)(**_OPTIONS)(function))
