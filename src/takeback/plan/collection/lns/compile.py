"""How the kernels are compiled: inner functions without the doors to Python that only `entry` functions need."""

from __future__ import annotations

from numba import njit

inner = njit(
    cache=True, nogil=True, error_model="numpy", _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True
)  # fmt: skip
entry = njit(cache=True, nogil=True, error_model="numpy", _nrt=False, no_cfunc_wrapper=True)
