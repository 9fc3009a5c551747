from django.urls import path

from webapp.duels import riddle_views, views

urlpatterns = [
    path("duels/", views.duels, name="duels"),
    path("duels/ranking/", views.ranking, name="duels-ranking"),
    path("duels/human/", riddle_views.riddles, name="riddles"),
    path("duels/human/waiting/", riddle_views.waiting, name="riddles-waiting"),
    path("duels/human/status/", riddle_views.status, name="riddles-status"),
    path("duels/human/<tune:riddle_id>/", riddle_views.riddle, name="riddle"),
    path("duels/human/<tune:riddle_id>/guess/", riddle_views.guess, name="riddle-guess"),
    path("duels/<tune:pair_id>/", views.duel, name="duel"),
    path("duels/<tune:pair_id>/status/", views.status, name="duel-status"),
    path("duels/<tune:pair_id>/choose/", views.choose, name="duel-choose"),
]
