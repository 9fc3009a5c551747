from django.urls import path

from webapp.gallery import views

urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
]
