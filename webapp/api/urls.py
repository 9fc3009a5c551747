from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import JSONRenderer

from webapp.api import dump_views, maker_views, me_views, talk_views, tune_views, views

urlpatterns = [
    path("v1/tunes/", tune_views.TunesView.as_view(), name="api-tunes"),
    path("v1/tunes/<tune:tune_id>/", tune_views.TuneView.as_view(), name="api-tune"),
    path("v1/tunes/<tune:tune_id>.abc", tune_views.AbcView.as_view(), name="api-tune-abc"),
    path("v1/tunes/<tune:tune_id>.mid", tune_views.MidiView.as_view(), name="api-tune-midi"),
    path("v1/tunes/<tune:tune_id>/events/", views.events, name="api-tune-events"),
    path("v1/tunes/<tune:tune_id>/cancel/", views.CancelView.as_view(), name="api-tune-cancel"),
    path("v1/tunes/<tune:tune_id>/undelete/", tune_views.UndeleteView.as_view(), name="api-tune-undelete"),
    path("v1/tunes/<tune:tune_id>/again/", tune_views.AgainView.as_view(), name="api-tune-again"),
    path("v1/tunes/<tune:tune_id>/rework/", tune_views.ReworkView.as_view(), name="api-tune-rework"),
    path("v1/tunes/<tune:tune_id>/family/", tune_views.FamilyView.as_view(), name="api-tune-family"),
    path("v1/tunes/<tune:tune_id>/rating/", talk_views.RatingView.as_view(), name="api-tune-rating"),
    path("v1/me/", me_views.MeView.as_view(), name="api-me"),
    path("v1/me/tunes/", me_views.MyTunesView.as_view(), name="api-my-tunes"),
    path("v1/me/favourites/", me_views.MyFavouritesView.as_view(), name="api-my-favourites"),
    path("v1/me/follows/", me_views.MyFollowsView.as_view(), name="api-my-follows"),
    path("v1/me/notices/", me_views.MyNoticesView.as_view(), name="api-my-notices"),
    path("v1/me/notices/read/", me_views.NoticesReadView.as_view(), name="api-my-notices-read"),
    path("v1/makers/<slug:slug>/", maker_views.MakerView.as_view(), name="api-maker"),
    path("v1/makers/<slug:slug>/follow/", maker_views.FollowView.as_view(), name="api-maker-follow"),
    path("v1/tunes/<tune:tune_id>/favourite/", talk_views.FavouriteView.as_view(), name="api-tune-favourite"),
    path("v1/tunes/<tune:tune_id>/comments/", talk_views.CommentsView.as_view(), name="api-tune-comments"),
    path("v1/comments/<int:comment_id>/", talk_views.CommentView.as_view(), name="api-comment"),
    path("v1/reports/", talk_views.ReportsView.as_view(), name="api-reports"),
    path("v1/dumps/", dump_views.DumpsView.as_view(), name="api-dumps"),
    path("v1/interpret/", views.InterpretView.as_view(), name="api-interpret"),
    path("v1/harmonise/", views.HarmoniseView.as_view(), name="api-harmonise"),
    path("v1/composers/", views.ComposersView.as_view(), name="api-composers"),
    # As plain JSON, so that its errors have the one shape too.
    path("v1/schema/", SpectacularAPIView.as_view(renderer_classes=[JSONRenderer]), name="api-schema"),
    re_path("", views.NothingHereView.as_view()),
]
