"""Pages for people about programs; what programs ask for is in urls.py."""

from django.urls import path

from webapp.api import dump_views, pages

urlpatterns = [
    path("my/tokens/", pages.tokens, name="tokens"),
    path("my/tokens/<int:token_id>/revoke/", pages.revoke, name="token-revoke"),
    path("dumps/<str:name>", dump_views.dump, name="dump"),
    path("developers/", pages.developers, name="developers"),
]
