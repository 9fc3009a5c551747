from django.urls import path

from webapp.accounts import views

urlpatterns = [
    path("makers/<slug:slug>/", views.maker, name="maker"),
    path("my/settings/", views.settings, name="settings"),
    path("my/settings/sessions/<int:visit_id>/end/", views.session_end, name="session-end"),
    path("my/export/", views.export, name="export"),
    path("my/leave/", views.leave, name="leave"),
    path("goodbye/", views.goodbye, name="goodbye"),
]
