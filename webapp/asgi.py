"""The way in for uvicorn and its kin; live notes need this one."""

import os
import threading
import warnings

from django.core.asgi import get_asgi_application

# WhiteNoise hands over files as plain iterators; they are small, and read whole before they are sent.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")
application = get_asgi_application()


def _read_the_words() -> None:
    """The first prompt would otherwise wait for the lexicons."""
    from generator import interpret

    interpret("good morning")


threading.Thread(target=_read_the_words, daemon=True).start()
