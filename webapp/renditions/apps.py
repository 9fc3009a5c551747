from django.apps import AppConfig


class RenditionsConfig(AppConfig):
    name = "webapp.renditions"
