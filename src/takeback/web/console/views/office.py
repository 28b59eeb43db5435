"""Jobs, settings, sign-in and what went wrong."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from takeback.core.problem import Problem
from takeback.web.console.views.common import Part, Progress, Text, View


class JobRow(Part, frozen=True, kw_only=True):
    progress: Progress
    started_at: datetime | None
    by: Text
    seconds: float | None = None
    result: Text | None = None


class JobsPage(View, frozen=True, kw_only=True):
    """GET /jobs. POST /jobs/{id}/cancel stops one."""

    template: ClassVar[str] = "jobs.html"

    rows: tuple[JobRow, ...]


class ProgressBar(View, frozen=True, kw_only=True):
    """GET /jobs/{id}/progress asked by htmx every second; with the last one send `HX-Refresh: true`."""

    template: ClassVar[str] = "fragments/progress.html"

    job: Progress


class Member(Part, frozen=True, kw_only=True):
    id: str
    name: str
    email: str
    role: str
    last_seen: datetime | None = None
    you: bool = False


class ApiKey(Part, frozen=True, kw_only=True):
    id: str
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_used: datetime | None = None


class SettingsPage(View, frozen=True, kw_only=True):
    """GET /settings.

    POST /settings/members (`name`, `email`, `role`), /settings/members/{id}/role (`role`),
    /settings/members/{id}/remove, /settings/keys (`name`, `scope` several), /settings/keys/{id}/revoke.
    `new_key`: shown once, right after it was made; `sees_members`, `sees_keys`: whether the visitor may read them.
    """

    template: ClassVar[str] = "settings.html"

    organisation: str
    organisation_kind: str
    members: tuple[Member, ...]
    keys: tuple[ApiKey, ...]
    roles: tuple[str, ...] = ("owner", "manager", "operator", "auditor", "viewer")
    scopes: tuple[str, ...] = ("read", "write", "import", "prove")
    may_manage: bool = True
    sees_members: bool = True
    sees_keys: bool = True
    new_key: str | None = None


class DemoAccount(Part, frozen=True, kw_only=True):
    email: str
    password: str
    organisation: str
    role: str
    organisation_zh: str = ""


class SignInPage(View, frozen=True, kw_only=True):
    """GET /sign-in. POST /sign-in (`email`, `password`, `next`). `demo`: accounts of the demo world."""

    template: ClassVar[str] = "sign-in.html"

    email: str = ""
    next: str = "/"
    problem: Text | None = None
    demo: tuple[DemoAccount, ...] = ()


class InvitationPage(View, frozen=True, kw_only=True):
    """GET /invitation/{token}.

    POST /invitation/{token} accepts: with `name` and `password` as a new person, with nothing as who is signed in.
    `registered`: the e-mail has an account; `you`: that account is signed in here.
    """

    template: ClassVar[str] = "invitation.html"

    token: str
    organisation: str
    email: str
    role: str
    registered: bool = False
    you: bool = False
    name: str = ""
    problem: Text | None = None


class ProblemPage(View, frozen=True, kw_only=True):
    """Any problem, on a page of its own."""

    template: ClassVar[str] = "problem.html"

    problem: Problem
