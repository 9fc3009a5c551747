from django.urls import path

from webapp.accounts import views

urlpatterns = [
    path("makers/<slug:slug>/", views.maker, name="maker"),
]
