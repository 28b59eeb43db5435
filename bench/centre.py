"""A centre under load: a world of members, people and projects, and a whole cycle through its parts.

    python -m bench.centre [--quick] [--seed N] [--members N] [--people N] [--projects N] [--operations N]

- `proposals`, `reviews`: taken through calls from their text to decisions told, reviewers found by the engine (the
  largest gap of these assignments in `assignment_gap_pct`);
- `blindness_cases`, `blindness_leaks`: answers (views, files, pages of the console) searched for what is recorded of
  the other side;
- `money_violations`: what is wrong after `money_operations` random operations, all counted anew from the ledger;
- `booking_clashes`: counted in the table after `bookings` wishes of 50 people at once for one bench;
- `page_p95_ms`: pages of the console asked by the manager, one after the other; `slowest_page` by its median;
  `pages_missing`: sorts of pages that there are not;
- `report_s`: the annual report as PDF and Excel in both languages and as JSON, in one call;
- `figures_with_evidence_pct`: of the figures other than zero, those that name records and entries they rest on;
- `reviewing_s`, `reviewing_gap_pct`: the engine on `reviewing_size` proposals x reviewers, three reviews each.

Client and server share the machine. Imports, the building of the world and the start of the server are outside the
clocks, in `cold_s`.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import numpy as np

from bench.ledger import _served
from bench.line import print_line

if TYPE_CHECKING:
    from bench.centre_calls import Cycle
    from bench.centre_world import World
    from takeback.plan.reviewing import ReviewingProblem
    from takeback.share.centre.calls import Seen


class Size(NamedTuple):
    """How much is done."""

    members: int
    people: int
    projects: int
    calls: int
    proposals: int
    experts: int
    operations: int
    wishes: int
    pages: int
    reviewing: tuple[int, int]


QUICK = Size(60, 600, 200, 1, 12, 9, 600, 200, 4, (200, 100))
FULL = Size(200, 5_000, 2_000, 3, 40, 30, 100_000, 500, 20, (2_000, 1_000))
STEPS = 100  # money operations of a transaction
BOOKERS = 50
CONNECTIONS = "30"  # of the bookers; with the server's own fewer than the embedded database gives


def main() -> None:
    """Measure and print the line."""
    asked = _arguments()
    started = time.perf_counter()
    parent = Path(tempfile.mkdtemp(prefix="takeback-bench-"))
    parent.chmod(0o711)
    os.environ |= {"TAKEBACK_HOME": str(parent / "home"), "TAKEBACK_POOL_SIZE": CONNECTIONS}
    try:
        print_line("centre", seed=asked.seed, quick=asked.quick, figures=_measured(asked, parent, started))
    finally:
        from takeback.store import embedded

        embedded.destroy(parent / "home")
        shutil.rmtree(parent, ignore_errors=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.centre")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    for name in ("members", "people", "projects", "operations"):
        parser.add_argument(f"--{name}", type=int)
    asked = parser.parse_args()
    size = QUICK if asked.quick else FULL
    given = {name: getattr(asked, name) for name in ("members", "people", "projects", "operations")}
    asked.size = size._replace(**{name: value for name, value in given.items() if value is not None})
    return asked


def _measured(asked: argparse.Namespace, parent: Path, started: float) -> dict[str, object]:
    from takeback.cli.session import database

    size: Size = asked.size
    with database(upgrade=True):
        del os.environ["TAKEBACK_POOL_SIZE"]  # the server has its own
        from bench.centre_world import build

        world = build(size.members, size.people, size.experts, size.projects, asked.seed)
        cycles, called = _calls(world, size, asked.seed)
        figures: dict[str, object] = {**called, **_money(world, size, asked.seed), **_bookings(world, size, asked.seed)}
        began = time.perf_counter()
        with _served(parent / "home") as port:
            cold = began - started - float(str(figures.pop("measured_s"))) + time.perf_counter() - began
            figures |= _blindness(world, cycles, port)
            figures |= _pages(world, cycles, size, port, asked.seed)
        figures |= _report(world)
        figures |= {"members": size.members, "people": size.people, "projects": size.projects}
        figures |= {"records": world.records}
    figures |= _reviewing(size, asked.seed)
    quick = f"{size.members} members, {size.people} people, {size.projects} projects, {size.operations:,} operations"
    return {**figures, "cold_s": round(cold, 1), "left_out": f"all but {quick}" if asked.quick else None}


def _calls(world: World, size: Size, seed: int) -> tuple[list[Cycle], dict[str, object]]:
    from bench.centre_calls import run

    clock = time.perf_counter()
    cycles = [run(world, n, size.proposals, size.experts, seed + n) for n in range(size.calls)]
    seconds = time.perf_counter() - clock
    return cycles, {
        "proposals": sum(len(one.proposals) for one in cycles),
        "reviews": sum(one.reviews for one in cycles),
        "calls_s": round(seconds, 1),
        "assignment_gap_pct": round(100 * max(one.gap for one in cycles), 3),
        "measured_s": seconds,
    }


def _money(world: World, size: Size, seed: int) -> dict[str, object]:
    from takeback import store
    from takeback.share.centre.money import money_violations, trial

    with store.transaction(world.org) as connection:
        run = trial(connection, world.manager, world.projects[:20], world.people[:50], seed=seed)
    clock = time.perf_counter()
    for _ in range(max(1, size.operations // STEPS)):
        with store.transaction(world.org) as connection:
            run.steps(connection, world.manager, STEPS)
    seconds = time.perf_counter() - clock
    with store.transaction(world.org) as connection:
        violations = money_violations(connection)
    return {
        "money_operations": run.done + run.refused,
        "money_refused": run.refused,
        "money_ops_per_s": round((run.done + run.refused) / seconds),
        "money_violations": len(violations),
    }


def _bookings(world: World, size: Size, seed: int) -> dict[str, object]:
    from takeback.share.centre.resources import rush

    chance, opens = random.Random(seed), datetime(2027, 1, 4, tzinfo=UTC)
    bookers, wishes = world.actors["researcher"][:BOOKERS], []
    for n in range(size.wishes):
        begins = opens + timedelta(hours=chance.randrange(size.wishes // 2))
        wishes.append((bookers[n % len(bookers)], begins, begins + timedelta(hours=chance.randint(1, 3))))
    clock = time.perf_counter()
    done = rush(world.resources[0], wishes, threads=BOOKERS, at=opens - timedelta(days=9))
    return {
        "bookings": size.wishes,
        "booked": done.booked,
        "booking_clashes": done.clashes,
        "bookings_s": round(time.perf_counter() - clock, 1),
    }


def _blindness(world: World, cycles: list[Cycle], port: int) -> dict[str, object]:
    """Search the views of everybody, and the pages that a reviewer and an applicant of each call open."""
    from takeback import store
    from takeback.share.centre.calls import blindness_cases, search

    cases, leaks = 0, []
    for cycle in cycles:
        seen = [*_pages_of(world, cycle, port)]
        with store.transaction(world.org) as connection:
            for found in (blindness_cases(connection, cycle.call), search(connection, cycle.call, seen)):
                cases += found.cases
                leaks += [f"{leak.side}, {leak.where}: {leak.what}" for leak in found.leaks]
    return {"blindness_cases": cases, "blindness_leaks": len(leaks), "leaks": sorted({*leaks})[:5] or None}


def _pages_of(world: World, cycle: Cycle, port: int) -> Iterator[Seen]:
    from bench.centre_world import account
    from takeback import store
    from takeback.share.centre.calls import Seen, reviewer_view

    author, expert = cycle.authors[-1], cycle.experts[0]
    with store.transaction(world.org) as connection:
        names = [one.name for one in reviewer_view(connection, expert, cycle.call).proposals]
    reviews, own = f"/centre/reviews/{cycle.call}", f"/centre/proposals/{cycle.proposals[-1]}"
    for side, actor, paths in (
        ("reviewer", expert, ["/centre/reviews", reviews, *(f"{reviews}/{name}" for name in names)]),
        ("author", author, ["/centre/proposals", own]),
    ):
        browser = Browser(port, account(world, actor))
        for path in paths:
            if (answer := browser.page(path)) is None:
                raise RuntimeError(f"{side}: there is no {path}")
            yield Seen(side=side, person=actor.person(), where=path, answer=answer)  # type: ignore[arg-type]


class Browser:
    """A connection in which somebody is signed in."""

    def __init__(self, port: int, email: str) -> None:
        from bench.centre_world import PASSWORD

        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        body = json.dumps({"email": email, "password": PASSWORD})
        head = {"Content-Type": "application/json"}
        answer = self._ask("POST", "/api/v1/sessions", body, head)
        if answer[0] != http.client.CREATED:
            raise RuntimeError(f"nobody is signed in: {answer[0]} {answer[2][:300]!r}")
        self._head = {"Cookie": answer[1].split(";")[0], "Accept": "text/html"}

    def page(self, path: str) -> bytes | None:
        """Return a page, None where there is none; raises `RuntimeError` where it is not shown."""
        status, _, body = self._ask("GET", path, None, self._head)
        if status == http.client.NOT_FOUND:
            return None
        if status != http.client.OK:
            raise RuntimeError(f"{path} was answered {status}: {body[-500:]!r}")
        return body

    def _ask(self, method: str, path: str, body: str | None, head: dict[str, str]) -> tuple[int, str, bytes]:
        self._connection.request(method, path, body=body, headers=head)
        answer = self._connection.getresponse()
        return answer.status, answer.headers.get("Set-Cookie", ""), answer.read()


def _pages(world: World, cycles: list[Cycle], size: Size, port: int, seed: int) -> dict[str, object]:
    """Ask every sort of page `size.pages` times, with other records each time, after once that does not count."""
    browser, chance = Browser(port, world.email), random.Random(seed)
    times: dict[str, list[float]] = {}
    missing: set[str] = set()
    for turn in range(size.pages + 1):
        for name, path in _asked(world, cycles, chance).items():
            clock = time.perf_counter()
            there = browser.page(path) is not None
            if not there:
                missing.add(name)
            elif turn:
                times.setdefault(name, []).append(1000 * (time.perf_counter() - clock))
            time.sleep(0.02)
    medians = {name: statistics.median(some) for name, some in times.items()}
    slowest = max(medians, key=lambda name: medians[name])
    return {
        "page_p95_ms": round(float(np.quantile([one for some in times.values() for one in some], 0.95)), 1),
        "page_p50_ms": round(float(np.quantile([one for some in times.values() for one in some], 0.5)), 1),
        "pages": sum(map(len, times.values())),
        "pages_missing": sorted(missing) or None,
        "slowest_page": f"{slowest} ({medians[slowest]:.0f} ms)",
    }


def _asked(world: World, cycles: list[Cycle], chance: random.Random) -> dict[str, str]:
    def one(ids: list[UUID]) -> UUID:
        return chance.choice(ids)

    lists = ("project", "member", "result", "task", "deliverable", "transfer", "resource", "call", "spending")
    call = chance.choice(cycles)
    return {
        "overview": "/centre",
        **{f"list of {kind}": f"/centre/{kind}" for kind in lists},
        "later page of projects": "/centre/project?page=2",
        "a project": f"/centre/project/{one(world.projects)}",
        "a member": f"/centre/member/{one(world.members)}",
        "a result": f"/centre/result/{one(world.results)}",
        "a call": f"/centre/call/{call.call}",
        "ranking": f"/centre/calls/{call.call}/ranking",
        "people": "/centre/people",
        "a person": f"/centre/people/{one(world.people)}",
        "search": f"/centre/search?q=Project+{chance.randrange(len(world.projects))}",
        "money": "/centre/money",
        "calendar": f"/centre/resources/{world.resources[0]}/calendar",
        "figures": "/centre/figures?year=2026",
        "form of a project": "/centre/member/new",
    }


def _report(world: World) -> dict[str, object]:
    from bench.centre_world import YEAR
    from takeback import store
    from takeback.share.centre.figures import all_figures
    from takeback.share.centre.reporting import make_report

    moment = datetime(YEAR + 1, 1, 15, tzinfo=UTC)
    with store.transaction(world.org) as connection:
        figures = [figure for figure in all_figures(connection, YEAR) if figure.value]
    clock = time.perf_counter()
    with store.transaction(world.org) as connection:
        make_report(connection, world.manager, "annual", YEAR, link="https://centre.example", at=moment)
    proven = sum(bool(figure.evidence) for figure in figures)
    return {
        "report_s": round(time.perf_counter() - clock, 1),
        "figures": len(figures),
        "figures_with_evidence_pct": round(100 * proven / len(figures), 1) if figures else None,
    }


def _reviewing(size: Size, seed: int) -> dict[str, object]:
    from takeback.plan.doors import Budget
    from takeback.plan.reviewing import check, solve

    problem = _reviewing_problem(*size.reviewing, seed)
    solution = solve(problem, budget=Budget(seconds=60))
    if wrong := check(problem, solution):
        raise RuntimeError(f"the assignment breaks a rule: {wrong[0]}")
    return {
        "reviewing_size": "{} x {}".format(*size.reviewing),
        "reviewing_s": round(solution.seconds, 1),
        "reviewing_gap_pct": round(100 * solution.gap, 3),
        "reviewing_vs_greedy_pct": round(100 * (solution.objective / solution.baseline.objective - 1), 1),
    }


def _reviewing_problem(proposals: int, reviewers: int, seed: int) -> ReviewingProblem:
    """Return a day with 40 topics, conflicts, 40 organisations of which one reviews a proposal once, seniors."""
    from takeback.plan.reviewing import Proposal, Reviewer, ReviewingProblem

    chance = np.random.default_rng(seed)

    def topics(count: int, top: int) -> tuple[tuple[str, float], ...]:
        return tuple((f"t{t}", float(chance.integers(1, top))) for t in chance.choice(40, count, replace=False))

    most = -(-proposals * 9 // (2 * reviewers)) + 1
    return ReviewingProblem(
        proposals=tuple(
            Proposal(f"p{k}", topics(4, 4), outside=1, organisations=(f"o{chance.integers(40)}",))
            for k in range(proposals)
        ),
        reviewers=tuple(
            Reviewer(f"r{k}", topics(10, 6), most, 1, f"o{k % 40}", k % 2 == 0, bool(chance.random() < 0.4))
            for k in range(reviewers)
        ),
        conflicts=tuple(
            {(f"p{chance.integers(proposals)}", f"r{chance.integers(reviewers)}") for _ in range(proposals)}
        ),
        most_of_organisation=1,
        seniors=1,
    )


if __name__ == "__main__":
    main()
