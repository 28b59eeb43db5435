"""The exceptions of EPCIS 2.0 (REST binding, RFC 7807 types) for our problems."""

from __future__ import annotations

from typing import Any

from takeback.core.message import Translate
from takeback.core.problem import Problem

PREFIX = "epcisException:"
_BY_KIND = {
    "epcis.capture-limit": "CaptureLimitExceededException",
    "epcis.no-query": "NoSuchNameException",
    "epcis.query-parameter": "QueryParameterException",
    "epcis.query-validation": "QueryValidationException",
    "epcis.query-too-complex": "QueryTooComplexException",
    "epcis.query-too-large": "QueryTooLargeException",
    "epcis.subscription-controls": "SubscriptionControlsException",
}
_BY_STATUS = {
    400: "ValidationException",
    401: "SecurityException",
    403: "SecurityException",
    404: "NoSuchResourceException",
    406: "NotAcceptableException",
    409: "ResourceAlreadyExistsException",
    413: "CaptureLimitExceededException",
    414: "URITooLongException",
    415: "UnsupportedMediaTypeException",
    422: "ValidationException",
    429: "SecurityException",
}
EXCEPTIONS = tuple(sorted({*_BY_KIND.values(), *_BY_STATUS.values(), "ImplementationException"}))


def exception_of(problem: Problem) -> str:
    """Return the name of the standard's exception that a problem is."""
    return _BY_KIND.get(problem.kind) or _BY_STATUS.get(problem.status, "ImplementationException")


def status_of(problem: Problem) -> int:
    """Return the status that the standard gives the exception: what is not valid is 400."""
    return 400 if problem.status == 422 else problem.status


def body_of(problem: Problem, gettext: Translate | None = None) -> dict[str, Any]:
    """Return the problem document: the standard's type, our sentences, and our own kind of problem as `kind`."""
    said = problem.as_dict(gettext)
    return {**said, "type": PREFIX + exception_of(problem), "status": status_of(problem), "kind": problem.kind}
