"""The whole loop: a world driven through the real commands on a server of its own, pages asked, the ledger verified.

    python -m bench.loop [--quick] [--seed N] [--world FILE]

`items` driven in `seconds` with at most `peak_mb` in this process (the database server has its own); realised value
against the best static rule and a clairvoyant; kilometres saved against nearest-neighbour routes; the pages' 95 %
quantile
and the time a second start takes to its first answer. `cold_s`: imports, server start and migrations, outside the
clock.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import numpy as np

from bench.line import print_line

PAGES = ("/", "/queues/graded", "/queues/decided", "/items", "/items?q=RO-00", "/plans", "/balance", "/ledger", "/jobs")
QUICK = (220, 2_200)  # packs, parcels
ROUNDS = 5


def main() -> None:
    """Run the bench and print its line."""
    arguments = _arguments()
    started = time.perf_counter()
    parent = Path(tempfile.mkdtemp(prefix="takeback-bench-"))
    parent.chmod(0o711)
    home = parent / "home"
    os.environ["TAKEBACK_HOME"] = str(home)
    try:
        print_line("loop", seed=arguments.seed, quick=arguments.quick, figures=_measure(arguments, home, started))
    finally:
        from takeback.store import embedded

        embedded.destroy(home)
        shutil.rmtree(parent, ignore_errors=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.loop")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--world", type=Path)
    return parser.parse_args()


def _measure(arguments: argparse.Namespace, home: Path, started: float) -> dict[str, object]:
    from takeback.cli.session import database
    from takeback.demo.sequencing import sequencing
    from takeback.demo.world_job import fill
    from takeback.prove.checkpoint import LogKey

    with database(upgrade=True), sequencing(LogKey.kept_in(home)):
        cold = time.perf_counter() - started
        clock = time.perf_counter()
        packs, parcels = QUICK if arguments.quick else (None, None)
        summary = fill(home, lambda *_: None, seed=arguments.seed, world=arguments.world, packs=packs, parcels=parcels)
        seconds = time.perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    second_start, p95 = _served(home)
    return {
        "items": summary.items,
        "seconds": round(seconds, 1),
        "peak_mb": round(peak),
        "value_vs_rule_pct": _rounded(summary.value_vs_rule_pct),
        "value_vs_oracle_pct": _rounded(summary.value_vs_oracle_pct),
        "km_vs_baseline_pct": _rounded(summary.km_vs_baseline_pct),
        "km_vs_same_stops_pct": _rounded(summary.km_vs_same_stops_pct),
        "page_p95_ms": round(p95, 1),
        "second_start_s": round(second_start, 2),
        "mass_closed": summary.mass_closed,
        "verified": summary.verified,
        "entries": summary.entries,
        "cold_s": round(cold, 1),
        "left_out": f"all but a tenth of the world: {QUICK[0]} packs, {QUICK[1]} parcels" if arguments.quick else None,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _served(home: Path) -> tuple[float, float]:
    """Return the seconds of a second start to the first answer, and the 95 % quantile of the pages in milliseconds."""
    port = _free_port()
    clock = time.perf_counter()
    command = [sys.executable, "-m", "takeback", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env={**os.environ, "TAKEBACK_HOME": str(home)}, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=30) as client:
            _wait(client)
            second_start = time.perf_counter() - clock
            _sign_in(client)
            return second_start, _pages(client)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(client: httpx.Client) -> None:
    for _ in range(600):
        try:
            if client.get("/sign-in").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError("the server does not answer")


def _sign_in(client: httpx.Client) -> None:
    from takeback.demo.cast import PASSWORD

    page = client.get("/sign-in").text
    token = page.split('name="_csrf_token" value="')[1].split('"')[0]
    account = {"email": "lin@chengliu.example", "password": PASSWORD, "_csrf_token": token}
    client.post("/sign-in", data=account).raise_for_status()


def _pages(client: httpx.Client) -> float:
    item = client.get("/items").text.split('href="/items/')[1].split('"')[0]
    plan = client.get("/plans").text.split('href="/plans/')[1].split('"')[0]
    paths = [*PAGES, f"/items/{item}", f"/plans/{plan}"]
    times = []
    for _ in range(ROUNDS):
        for path in paths:
            clock = time.perf_counter()
            client.get(path).raise_for_status()
            times.append(1000 * (time.perf_counter() - clock))
    return float(np.quantile(times, 0.95))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
