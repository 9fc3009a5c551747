"""The site's table of contents."""

from django.contrib import admin
from django.urls import include, path

from webapp.health import healthz

urlpatterns = [
    path("", include("webapp.tunes.urls")),
    path("", include("webapp.gallery.urls")),
    path("", include("webapp.ratings.urls")),
    path("", include("webapp.accounts.urls")),
    path("account/", include("allauth.urls")),
    path("api/", include("webapp.api.urls")),
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
]

handler400 = "webapp.errors.bad_request"
handler403 = "webapp.errors.forbidden"
handler404 = "webapp.errors.not_found"
handler500 = "webapp.errors.server_error"
