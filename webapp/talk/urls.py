from django.urls import path

from webapp.talk import people_views, views

urlpatterns = [
    path("tunes/<tune:tune_id>/comments/", views.write, name="comment-write"),
    path("comments/<int:comment_id>/", views.thread, name="comment"),
    path("comments/<int:comment_id>/edit/", views.edit, name="comment-edit"),
    path("comments/<int:comment_id>/delete/", views.delete, name="comment-delete"),
    path("makers/<slug:slug>/follow/", people_views.follow, name="maker-follow"),
    path("my/following/", people_views.following, name="following"),
    path("my/notices/", people_views.notices, name="notices"),
]
