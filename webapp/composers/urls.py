from django.urls import path

from webapp.composers import views

urlpatterns = [path("composers/", views.composers, name="composers")]
