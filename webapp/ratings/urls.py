from django.urls import path

from webapp.ratings import views

urlpatterns = [
    path("tunes/<tune:tune_id>/rate/", views.rate, name="tune-rate"),
    path("tunes/<tune:tune_id>/favourite/", views.favourite, name="tune-favourite"),
    path("my/favourites/", views.favourites, name="favourites"),
]
