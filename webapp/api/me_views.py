"""What belongs to the account of the token."""

from __future__ import annotations

from django.forms.models import model_to_dict
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.accounts.forms import ProfileForm
from webapp.accounts.models import Profile
from webapp.accounts.services import profile_change
from webapp.api.asking import AFTER, checked, cursor_of, next_page, page_of
from webapp.api.examples import PROFILE
from webapp.api.me_serializers import MakerSerializer, MeChangeSerializer, MeSerializer
from webapp.api.page_schema import page_serializer
from webapp.api.talk_serializers import NoticesSerializer
from webapp.api.tune_faces import listed
from webapp.api.tune_serializers import ListedTuneSerializer
from webapp.ratings.selectors import favourites_page
from webapp.talk.selectors import follows_page, notices_page, notices_unread
from webapp.talk.services import notices_read
from webapp.tunes.own_tunes import SHOWN, own_tunes_page

SHOW = OpenApiParameter(
    "show",
    str,
    enum=[value for value, _ in SHOWN if value],
    description="Only those of one kind; all but deleted when absent.",
)
WORDS = OpenApiParameter("q", str, description="Words of the title or the prompt, or a tag.")


class MeView(APIView):
    tag, open = "me", ()

    @extend_schema(operation_id="me", responses={200: MeSerializer})
    def get(self, request: Request) -> Response:
        """Whose token this is."""
        return _me(request)

    @extend_schema(
        operation_id="me_change", request=MeChangeSerializer, responses={200: MeSerializer}, examples=[PROFILE]
    )
    def patch(self, request: Request) -> Response:
        """Change your name, what you say about yourself, and how your new tunes start."""
        sent, profile = checked(MeChangeSerializer, request), request.listener.profile
        words = model_to_dict(profile, ProfileForm.Meta.fields) | sent
        # Another row: the form writes into the one it is given, also what it then refuses.
        form = ProfileForm(words, instance=Profile(pk=profile.pk))
        if not form.is_valid():
            raise serializers.ValidationError(_sentences(form))
        profile_change(profile=profile, **form.cleaned_data)
        return _me(request)


def _me(request: Request) -> Response:
    return Response(MeSerializer(request.listener.profile, context={"request": request}).data)


def _sentences(form: ProfileForm) -> dict[str, str]:
    return {name: errors[0] for name, errors in form.errors.items()}


class MyTunesView(APIView):
    tag, open = "me", ()

    @extend_schema(
        operation_id="my_tunes", parameters=[SHOW, WORDS, AFTER], responses={200: page_serializer(ListedTuneSerializer)}
    )
    def get(self, request: Request) -> Response:
        """Tunes of yours, the newest first, also those that nobody else may see."""
        asked = {"show": request.query_params.get("show", ""), "words": request.query_params.get("q", "")}
        if asked["show"] not in dict(SHOWN):
            raise serializers.ValidationError({"show": "Choose one of the kinds of tune."})
        page = own_tunes_page(request.listener, cursor=cursor_of(request), **asked)
        return page_of(request, listed(request, page.tunes), page.next_cursor)


class MyFavouritesView(APIView):
    tag, open = "me", ()

    @extend_schema(
        operation_id="my_favourites", parameters=[AFTER], responses={200: page_serializer(ListedTuneSerializer)}
    )
    def get(self, request: Request) -> Response:
        """Your favourites, those liked last first."""
        tunes, next_cursor = favourites_page(request.listener, cursor_of(request))
        return page_of(request, listed(request, tunes), next_cursor)


class MyFollowsView(APIView):
    tag, open = "me", ()

    @extend_schema(operation_id="my_follows", parameters=[AFTER], responses={200: page_serializer(MakerSerializer)})
    def get(self, request: Request) -> Response:
        """Makers whom you follow."""
        follows, next_cursor = follows_page(request.listener, cursor_of(request))
        makers = MakerSerializer([follow.maker for follow in follows], many=True, context={"request": request})
        return page_of(request, makers.data, next_cursor)


class MyNoticesView(APIView):
    tag, open = "me", ()

    @extend_schema(operation_id="my_notices", parameters=[AFTER], responses={200: NoticesSerializer})
    def get(self, request: Request) -> Response:
        """What the site has to tell you. Looking leaves them unread."""
        notices, next_cursor = notices_page(request.listener, cursor_of(request))
        told = {"unread": notices_unread(request.listener), "next": next_page(request, next_cursor)}
        return Response(NoticesSerializer(told | {"results": notices}, context={"request": request}).data)


class NoticesReadView(APIView):
    tag, open = "me", ()

    @extend_schema(operation_id="my_notices_read", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Mark all notices as read."""
        notices_read(listener=request.listener)
        return Response(status=204)
