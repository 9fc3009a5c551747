"""The site's table of contents."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from webapp.health import healthz

# Staff come in by the same door as everybody, with its limits and their second factor.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", include("webapp.tunes.urls")),
    path("", include("webapp.gallery.urls")),
    path("", include("webapp.ratings.urls")),
    path("", include("webapp.talk.urls")),
    path("", include("webapp.moderation.urls")),
    path("", include("webapp.duels.urls")),
    path("", include("webapp.renditions.urls")),
    path("", include("webapp.composers.urls")),
    path("", include("webapp.accounts.urls")),
    path("", include("webapp.api.page_urls")),
    path("account/", include("allauth.urls")),
    path("api/", include("webapp.api.urls")),
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
]

handler400 = "webapp.errors.bad_request"
handler403 = "webapp.errors.forbidden"
handler404 = "webapp.errors.not_found"
handler429 = "webapp.errors.too_many"  # allauth's
handler500 = "webapp.errors.server_error"
