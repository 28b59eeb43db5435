"""Build the fast paths of `takeback.native` with the C compiler at hand; without one, Python does their work.

    python tools/native.py [--folder FOLDER] [--flag FLAG]...

`tools/setup` calls it. It never fails: what cannot be built is said in one line. A build of the same source is kept.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import sysconfig
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "src" / "takeback" / "native"
SOURCE = FOLDER / "quick.c"
SUFFIX = sysconfig.get_config_var("EXT_SUFFIX") or ".so"


def main() -> None:
    """Build what is not built yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--flag", action="append", default=[])
    given = parser.parse_args()
    target = given.folder / f"_quick{SUFFIX}"
    if is_built(target):
        return
    trouble = build(target, given.flag)
    if trouble:
        print(f"No fast paths in C ({trouble}): bulk loads take a third longer", file=sys.stderr)  # noqa: T201


def is_built(target: Path) -> bool:
    """Tell whether a build of this very source lies there."""
    return target.exists() and source_hash().encode() in target.read_bytes()


def source_hash() -> str:
    """Return what names the source, as `takeback.native` looks for it."""
    return sha256(SOURCE.read_bytes()).hexdigest()


def build(target: Path, flags: list[str]) -> str:
    """Compile beside the target and put it in place at once, as others may be loading it; return what went wrong."""
    include = Path(sysconfig.get_paths()["include"])
    if not (include / "Python.h").exists():
        return "the headers of this Python are not installed"
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")[0]
    own = target.with_name(f"{target.name}.{os.getpid()}")
    named = [f'-DSOURCE="{source_hash()}"', f"-I{include}"]
    shared = ["-bundle", "-undefined", "dynamic_lookup"] if sys.platform == "darwin" else ["-shared"]
    command = [compiler, "-O2", "-std=c11", "-fPIC", *shared, *flags, *named, str(SOURCE), "-o", str(own)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- our own words
        if done.returncode:
            own.unlink(missing_ok=True)
            return f"{compiler}: {(done.stderr.strip().splitlines() or ['no reason given'])[0]}"
        own.replace(target)
    except OSError as error:
        return f"{compiler}: {error.strerror}"
    return ""


if __name__ == "__main__":
    main()
