from django.urls import path

from webapp.moderation import views

urlpatterns = [
    path("tunes/<tune:tune_id>/report/", views.report_tune, name="tune-report"),
    path("comments/<int:comment_id>/report/", views.report_comment, name="comment-report"),
]
