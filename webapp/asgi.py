"""The way in for uvicorn and its kin; live notes need this one."""

import os
import threading
import warnings

from django.core.asgi import get_asgi_application
from django.urls import get_resolver

from webapp.bodies import bounded

# WhiteNoise hands over files as plain iterators; they are small, and read whole before they are sent.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")
application = bounded(get_asgi_application())


def _make_ready() -> None:
    """The first page would otherwise wait for the addresses to be read, and the first prompt for the lexicons."""
    from generator import interpret

    get_resolver().url_patterns  # noqa: B018 - reading it loads the pages
    interpret("good morning")


threading.Thread(target=_make_ready, daemon=True).start()
