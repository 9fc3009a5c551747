"""Brings abcjs and the typefaces from npm into static/vendor; knows which files the pages load."""

from __future__ import annotations

import shutil
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


def vendored(vendor: Path = VENDOR) -> bool:
    """True when every file the pages load is there and not empty."""
    return all((vendor / place).is_file() and (vendor / place).stat().st_size for place in FILES.values())


def vendor_files(*, source: Path = NODE_MODULES, vendor: Path = VENDOR) -> None:
    """Copies the files the pages load; a half-copied file never keeps the name of a whole one."""
    for origin, place in FILES.items():
        target = vendor / place
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(target.name + ".part")
        shutil.copyfile(source / origin, half)
        half.replace(target)
