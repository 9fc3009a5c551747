"""ABC to MIDI through abc2midi, which the symusic wheel carries. Knows no models."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_SECONDS = 10
# Of a text's fields and orders abc2midi gets these alone. It would open any file that %%abc-include or ptstress names,
# and voices, parts and macros that are badly written bring it down.
_NOT_FOR_IT = re.compile(r"\s*(?:%|(?![XTMLQKR]:)[A-Za-z+]:)")
_INLINE = re.compile(r"\[(?![KLMQ]:)[A-Za-z]:[^\]]*\]?")
_QUOTED = re.compile(r'"[^"]*"')
_PATTERNS = {"3/2": "fzczcz", "6/4": "fzczczfzczcz"}  # f a bass note, c a chord, z a rest: one letter an eighth


class MidiError(ValueError):
    """abc2midi made nothing of a text; the message holds what it said."""


@cache
def abc2midi_path() -> str:
    spec = find_spec("symusic")
    if spec is None or not spec.submodule_search_locations:
        raise MidiError("The symusic package, which carries abc2midi, is not installed.")
    name = "abc2midi.exe" if sys.platform == "win32" else "abc2midi"
    path = Path(spec.submodule_search_locations[0]) / "bin" / name
    try:
        if not os.access(path, os.X_OK):
            path.chmod(path.stat().st_mode | 0o111)  # wheels lose the executable bit under some installers
    except OSError:
        raise MidiError(f"The abc2midi that symusic carries cannot be started: {path}.") from None
    return str(path)


def midi_bytes(abc: str) -> bytes:
    """A Standard MIDI File with melody and chords. Raises MidiError."""
    data, said = _converted(abc)
    if not data:
        raise MidiError(said.strip() or "abc2midi made no file.")
    return data


def abc2midi_warnings(abc: str) -> list[str]:
    """The lines in which abc2midi complains: its exit status says nothing."""
    _, said = _converted(abc)
    return [line for line in said.splitlines() if line.startswith(("Warning", "Error"))]


def _music_alone(abc: str) -> str:
    """Without fields and orders that do not say which notes sound, and without remarks."""
    lines = (line for line in re.split(r"[\r\n]+", abc) if not _NOT_FOR_IT.match(line))
    return "".join(f"{_INLINE.sub('', _without_remark(line))}\n" for line in lines)


def _without_remark(line: str) -> str:
    return _QUOTED.sub(lambda quoted: quoted[0].replace("%", ""), line).partition("%")[0]


def _with_accompaniment(abc: str) -> str:
    """abc2midi has no pattern of bass and chords of its own for some meters, and leaves them without."""
    meter = re.search(r"^M:\s*(\S+)", abc, re.MULTILINE)
    pattern = _PATTERNS.get(meter[1]) if meter else None
    return re.sub(r"^K:", f"%%MIDI gchord {pattern}\nK:", abc, count=1, flags=re.MULTILINE) if pattern else abc


def _converted(abc: str) -> tuple[bytes, str]:
    with tempfile.TemporaryDirectory(prefix="tunewright-") as folder:
        source, target = Path(folder) / "tune.abc", Path(folder) / "tune.mid"
        source.write_text(_with_accompaniment(_music_alone(abc)), encoding="utf-8", errors="replace")
        try:
            done = subprocess.run(
                [abc2midi_path(), str(source), "1", "-o", str(target)],
                capture_output=True, timeout=_SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise MidiError("abc2midi took too long over this text.") from None
        data = target.read_bytes() if target.exists() else b""
        return data, (done.stdout + done.stderr).decode("utf-8", "replace")
