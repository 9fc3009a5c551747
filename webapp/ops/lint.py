"""Ruff over the whole tree: rules, then form."""

from __future__ import annotations

import subprocess
import sys

from webapp.ops.places import ROOT


def main() -> int:
    ruff = [sys.executable, "-m", "ruff"]
    rules = subprocess.run([*ruff, "check", "."], cwd=ROOT, check=False).returncode
    form = subprocess.run([*ruff, "format", "--check", "."], cwd=ROOT, check=False).returncode
    return rules or form


if __name__ == "__main__":
    sys.exit(main())
