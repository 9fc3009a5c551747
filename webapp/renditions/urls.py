from django.urls import path

from webapp.renditions import views

urlpatterns = [
    path("tunes/<tune:tune_id>/wavenet/", views.rendition, name="rendition"),
    path("tunes/<tune:tune_id>/wavenet/cancel/", views.cancel, name="rendition-cancel"),
    path("tunes/<tune:tune_id>/wavenet.wav", views.wav, name="rendition-wav"),
]
