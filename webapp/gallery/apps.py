from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GalleryConfig(AppConfig):
    name = "webapp.gallery"

    def ready(self) -> None:
        from webapp.gallery.filling import gallery_fill

        post_migrate.connect(gallery_fill, sender=self)
