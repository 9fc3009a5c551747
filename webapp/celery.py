"""The Celery app. Its settings are the CELERY_ names of settings.py."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")

# Kombu's folder queue can hand over a message that is still being written; ours cannot.
TRANSPORT_ALIASES["filesystem"] = "webapp.broker:Transport"

app = Celery("tunewright")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
