"""Brings abcjs and the typefaces from npm into static/vendor; knows which files the pages load.

Scripts get a compressed twin beside them: WhiteNoise sends that to every browser that reads gzip.
"""

from __future__ import annotations

import gzip
from pathlib import Path

from webapp.ops.places import NODE_MODULES, VENDOR

# source inside node_modules → place inside static/vendor. The licences travel with the files.
FILES = {
    "abcjs/dist/abcjs-basic-min.js": "abcjs/abcjs-basic-min.js",
    "abcjs/LICENSE.md": "abcjs/LICENSE.md",
    "@fontsource/literata/files/literata-latin-400-normal.woff2": "fonts/literata-latin-400-normal.woff2",
    "@fontsource/literata/files/literata-latin-600-normal.woff2": "fonts/literata-latin-600-normal.woff2",
    "@fontsource/literata/files/literata-latin-400-italic.woff2": "fonts/literata-latin-400-italic.woff2",
    "@fontsource/literata/LICENSE": "fonts/literata-LICENSE",
    "@fontsource/inter/files/inter-latin-400-normal.woff2": "fonts/inter-latin-400-normal.woff2",
    "@fontsource/inter/files/inter-latin-600-normal.woff2": "fonts/inter-latin-600-normal.woff2",
    "@fontsource/inter/LICENSE": "fonts/inter-LICENSE",
}


# Typefaces are compressed already.
COMPRESSED = {place: f"{place}.gz" for place in FILES.values() if place.endswith(".js")}


def vendored(vendor: Path = VENDOR) -> bool:
    """True when every file the pages load is there and not empty."""
    places = (*FILES.values(), *COMPRESSED.values())
    return all((vendor / place).is_file() and (vendor / place).stat().st_size for place in places)


def vendor_files(*, source: Path = NODE_MODULES, vendor: Path = VENDOR) -> None:
    """Copies the files the pages load."""
    for origin, place in FILES.items():
        _write_whole(vendor / place, (source / origin).read_bytes())
    for place, twin in COMPRESSED.items():
        # Without the time of day in it, the same script gives the same twin.
        _write_whole(vendor / twin, gzip.compress((vendor / place).read_bytes(), mtime=0))


def _write_whole(target: Path, content: bytes) -> None:
    """A half-written file never keeps the name of a whole one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(target.name + ".part")
    half.write_bytes(content)
    half.replace(target)
