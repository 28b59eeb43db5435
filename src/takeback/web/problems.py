"""Every mistake becomes a `Problem`, and a `Problem` becomes JSON (RFC 9457) or a page, in the caller's language."""

from __future__ import annotations

import logging
import secrets
from typing import Any

import psycopg
import sqlalchemy.exc
from litestar import Response
from litestar.exceptions import ClientException, HTTPException, NotFoundException
from litestar.response import Redirect
from litestar.types import ExceptionHandlersMap

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity import TooManyRequests
from takeback.store.connections import unreachable
from takeback.web.allowed import allowed
from takeback.web.bad_input import bad_request
from takeback.web.console import render, translations
from takeback.web.console.views import ProblemPage
from takeback.web.preferences import AnyRequest, locale_of
from takeback.web.shell import plain_shell

MEDIA_TYPE = "application/problem+json"
_SERVER_ERROR = 500
_log = logging.getLogger("takeback.web")

_TITLES: dict[int, tuple[str, Message]] = {
    400: ("request.bad-value", msg("The request is not understood.")),
    401: ("identity.sign-in", msg("You are not signed in.")),
    403: ("identity.forbidden", msg("You are not allowed to do this.")),
    404: ("request.not-found", msg("There is nothing at this address.")),
    405: ("request.bad-method", msg("This address does not know this method.")),
    413: ("request.too-large", msg("The request is larger than the limit.")),
    415: ("request.bad-media-type", msg("A body of this media type is not read here.")),
}


def answer(request: AnyRequest, exception: Exception) -> Response[Any]:
    """Answer a request that ended with `exception`."""
    problem = as_problem(exception, request)
    if wants_html(request):
        return _page(request, problem)
    body = problem.as_dict(translations(locale_of(request)).gettext)
    return Response(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers_of(problem, request))


def as_problem(exception: Exception, request: AnyRequest) -> Problem:
    """Return what is told of `exception`; of one nobody foresaw, an incident number only, the rest is logged."""
    if isinstance(exception, Problem):
        return _without_places(exception) if exception.kind == "store.unreachable" else exception
    if isinstance(exception, HTTPException) and exception.status_code < _SERVER_ERROR:
        return _of_framework(exception)
    if isinstance(exception, RecursionError) and "deserializing" in str(exception):
        return bad_request(ClientException("JSON is nested too deeply"))
    if isinstance(exception, sqlalchemy.exc.DBAPIError | psycopg.Error):
        return _of_database(exception, request)
    return _incident(exception, request)


def no_file(request: AnyRequest, exception: Exception) -> Response[Any]:
    """Answer that there is no such file: its name is none that a file can have."""
    return answer(request, NotFoundException())


def wants_html(request: AnyRequest) -> bool:
    """Whether a person in a browser waits for the answer; the programming interface always answers in JSON."""
    if request.url.path.startswith(("/api", "/health", "/epcis")):
        return False
    return "text/html" in request.headers.get("accept", "") or request.headers.get("hx-request") == "true"


def _page(request: AnyRequest, problem: Problem) -> Response[Any]:
    if problem.kind == "identity.sign-in":
        return _to_sign_in(request)
    html = render(ProblemPage(problem=problem), plain_shell(request))
    return Response(html, status_code=problem.status, media_type="text/html", headers=headers_of(problem, request))


def _to_sign_in(request: AnyRequest) -> Response[Any]:
    if request.headers.get("hx-request") == "true":
        return Response(b"", status_code=401, headers={"HX-Redirect": "/sign-in"})
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    wanted = {"next": path} if request.method == "GET" and path != "/" else None
    return Redirect("/sign-in", status_code=303, query_params=wanted)


def _of_framework(exception: HTTPException) -> Problem:
    if isinstance(exception, ClientException) and exception.status_code == 400:
        return bad_request(exception)
    kind, title = _TITLES.get(exception.status_code, _TITLES[400])
    return Problem(kind, title, status=exception.status_code)


def _of_database(exception: sqlalchemy.exc.DBAPIError | psycopg.Error, request: AnyRequest) -> Problem:
    cause = exception.orig if isinstance(exception, sqlalchemy.exc.DBAPIError) else exception
    if isinstance(cause, psycopg.errors.CheckViolation):
        return Problem(
            "request.against-rule",
            msg("A value is against a rule of the database; nothing was changed."),
            found=cause.diag.constraint_name or cause.diag.message_primary,
        )
    if isinstance(cause, psycopg.errors.UniqueViolation):
        return Problem(
            "request.conflict",
            msg("This is there already; nothing was changed."),
            remedy=msg("Look at what is there now and try again with the rest."),
            status=409,
        )
    if isinstance(cause, psycopg.errors.ForeignKeyViolation):
        return Problem("request.unknown-reference", msg("Something that is named is not there; nothing was changed."))
    if isinstance(cause, psycopg.DataError):
        return Problem(
            "request.bad-value",
            msg("A value cannot be stored."),
            expected=msg("text without the character U+0000, numbers of 64 bits"),
        )
    if isinstance(cause, psycopg.OperationalError):
        return _without_places(unreachable(exception))
    return _incident(exception, request)


def _without_places(problem: Problem) -> Problem:
    """Return the problem as visitors may read it: where the database is, and why it fails, is for the log."""
    _log.error("the database cannot be reached: %s", problem.found)
    remedy = msg("Try again in a moment. Who runs this server finds more in its log, and with `takeback doctor`.")
    return Problem(problem.kind, problem.title, remedy=remedy, status=problem.status)


def _incident(exception: Exception, request: AnyRequest) -> Problem:
    number = secrets.token_hex(4)
    _log.error("incident %s: %s %r", number, request.method, request.url.path, exc_info=exception)
    return Problem(
        "server.failed",
        msg("Something went wrong on our side."),
        found=msg("incident {number}", number=number),
        remedy=msg("Try again. If it stays, give the number of the incident to who runs this server."),
        status=_SERVER_ERROR,
    )


def headers_of(problem: Problem, request: AnyRequest) -> dict[str, str]:
    """Return the headers that go with a problem: when to try again, how to present oneself, which methods there are."""
    if isinstance(problem, TooManyRequests):
        return {"Retry-After": str(problem.retry_after)}
    if problem.status == 405:
        return {"Allow": allowed(request)}
    return {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}


HANDLERS: ExceptionHandlersMap = {Exception: answer}
