"""Where things lie on the disk and what children inherit; reads the environment, writes nothing but folders."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"


def var() -> Path:
    """The folder of the embedded database and broker, made when it is missing."""
    folder = Path(os.environ.get("TUNEWRIGHT_VAR") or ROOT / "var")
    folder = folder if folder.is_absolute() else ROOT / folder
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def home() -> str:
    """A home that programs may write to. With HOME empty, npm would fill the current folder and pip the root."""
    asked = os.environ.get("HOME", "")
    if asked and os.path.isabs(asked):
        return asked
    own = pwd.getpwuid(os.getuid()).pw_dir
    if os.path.isdir(own) and os.access(own, os.W_OK):
        return own
    fallback = var() / "home"
    fallback.mkdir(exist_ok=True)
    return str(fallback)


def child_environment(**more: str) -> dict[str, str]:
    """The environment for every program we start: ours, a usable home, output unbuffered."""
    return {**os.environ, "HOME": home(), "PYTHONUNBUFFERED": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **more}
