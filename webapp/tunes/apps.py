from django.apps import AppConfig


class TunesConfig(AppConfig):
    name = "webapp.tunes"
