from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import JSONRenderer

from webapp.api import views

urlpatterns = [
    path("v1/tunes/", views.TunesView.as_view(), name="api-tunes"),
    path("v1/tunes/<tune:tune_id>/", views.TuneView.as_view(), name="api-tune"),
    path("v1/tunes/<tune:tune_id>/events/", views.events, name="api-tune-events"),
    path("v1/tunes/<tune:tune_id>/cancel/", views.CancelView.as_view(), name="api-tune-cancel"),
    path("v1/interpret/", views.InterpretView.as_view(), name="api-interpret"),
    path("v1/harmonise/", views.HarmoniseView.as_view(), name="api-harmonise"),
    path("v1/composers/", views.ComposersView.as_view(), name="api-composers"),
    # As plain JSON, so that its errors have the one shape too.
    path("v1/schema/", SpectacularAPIView.as_view(renderer_classes=[JSONRenderer]), name="api-schema"),
    re_path("", views.NothingHereView.as_view()),
]
