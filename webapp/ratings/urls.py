from django.urls import path

from webapp.ratings import views

urlpatterns = [path("tunes/<tune:tune_id>/rate/", views.rate, name="tune-rate")]
