from django.urls import path, register_converter

from webapp.tunes import chord_views, keeping_views, speaking, views
from webapp.tunes.converters import TuneId

register_converter(TuneId, "tune")

urlpatterns = [
    path("", views.home, name="home"),
    path("interpret/", views.interpret_preview, name="interpret-preview"),
    path("speak/", speaking.speak, name="speak"),
    path("own/", views.own, name="own"),
    path("own/look/", views.own_look, name="own-look"),
    path("tunes/<tune:tune_id>/", views.tune_page, name="tune-page"),
    path("tunes/<tune:tune_id>/events/", views.tune_events, name="tune-events"),
    path("tunes/<tune:tune_id>/cancel/", views.cancel, name="tune-cancel"),
    path("tunes/<tune:tune_id>/again/", views.again, name="tune-again"),
    path("tunes/<tune:tune_id>/rework/", views.rework, name="tune-rework"),
    path("tunes/<tune:tune_id>/on-chords/", chord_views.on_chords, name="tune-on-chords"),
    path("tunes/<tune:tune_id>/show/", keeping_views.show, name="tune-show"),
    path("tunes/<tune:tune_id>/describe/", keeping_views.describe, name="tune-describe"),
    path("tunes/<tune:tune_id>/delete/", keeping_views.delete, name="tune-delete"),
    path("tunes/<tune:tune_id>/undelete/", keeping_views.undelete, name="tune-undelete"),
    path("tunes/<tune:tune_id>/family/", keeping_views.family, name="tune-family"),
    path("my/tunes/", keeping_views.my_tunes, name="my-tunes"),
    path("tunes/<tune:tune_id>/print/", views.print_view, name="tune-print"),
    path("tunes/<tune:tune_id>.abc", views.abc_file, name="tune-abc"),
    path("tunes/<tune:tune_id>.mid", views.midi_file, name="tune-midi"),
    path("about/", views.about, name="about"),
    path("worker/", views.worker, name="worker-status"),
]
