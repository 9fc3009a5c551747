from django.apps import AppConfig


class DuelsConfig(AppConfig):
    name = "webapp.duels"
