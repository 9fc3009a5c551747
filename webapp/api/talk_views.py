"""Stars, favourites, comments and reports."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.api import talk_serializers as faces
from webapp.api.asking import AFTER, checked, cursor_of, next_page, page_of, seen_tune
from webapp.api.examples import COMMENT, REPORT, STARS
from webapp.api.page_schema import page_serializer
from webapp.api.tune_views import ready_tune
from webapp.moderation.services import report_write
from webapp.ratings.selectors import stars_of
from webapp.ratings.services import tune_favourite, tune_rate, tune_unrate
from webapp.talk.access import live
from webapp.talk.models import Comment
from webapp.talk.selectors import comment_for, own_comment_for, talk_of, thread_of, tune_talked_about
from webapp.talk.services import comment_delete, comment_edit, comment_write
from webapp.tunes.models import Tune


class RatingView(APIView):
    tag = "talk"

    @extend_schema(
        operation_id="tune_rate",
        request=faces.RatingSerializer,
        responses={200: faces.RatedSerializer},
        examples=[STARS],
    )
    def put(self, request: Request, tune_id: str) -> Response:
        """Give a tune one to five stars; a second rating replaces the first."""
        tune = ready_tune(request, tune_id)
        stars = checked(faces.RatingSerializer, request)["stars"]
        tune_rate(tune=tune, listener=request.listener, stars=stars)
        return _rated(request, tune)

    @extend_schema(operation_id="tune_unrate", responses={200: faces.RatedSerializer})
    def delete(self, request: Request, tune_id: str) -> Response:
        """Take your stars back."""
        tune = seen_tune(request, tune_id)
        tune_unrate(tune=tune, listener=request.listener)
        return _rated(request, tune)


def _rated(request: Request, tune: Tune) -> Response:
    tune.refresh_from_db(fields=["stars_sum", "stars_count"])
    tune.my_stars = stars_of(tune=tune, listener=request.listener)
    return Response(faces.RatedSerializer(tune).data)


class FavouriteView(APIView):
    tag = "talk"

    @extend_schema(operation_id="tune_favourite", request=None, responses={200: faces.FavouriteSerializer})
    def put(self, request: Request, tune_id: str) -> Response:
        """Keep a tune among your favourites."""
        tune_favourite(tune=ready_tune(request, tune_id), listener=request.listener, favourite=True)
        return Response({"my_favourite": True})

    @extend_schema(operation_id="tune_unfavourite", responses={200: faces.FavouriteSerializer})
    def delete(self, request: Request, tune_id: str) -> Response:
        """Take a tune from your favourites."""
        tune_favourite(tune=seen_tune(request, tune_id), listener=request.listener, favourite=False)
        return Response({"my_favourite": False})


class CommentsView(APIView):
    tag = "talk"

    @extend_schema(
        operation_id="comments", parameters=[AFTER], responses={200: page_serializer(faces.ThreadSerializer)}
    )
    def get(self, request: Request, tune_id: str) -> Response:
        """What was said about a tune, the newest first, each with the last answers to it."""
        tune = tune_talked_about(tune_id, listener=request.listener)
        talk = talk_of(tune=tune, listener=request.listener, after=cursor_of(request))
        threads = faces.ThreadSerializer(talk.threads, many=True, context={"request": request})
        return page_of(request, threads.data, talk.next_cursor)

    @extend_schema(
        operation_id="comment_write",
        request=faces.CommentWordsSerializer,
        responses={201: faces.CommentSerializer},
        examples=[COMMENT],
    )
    def post(self, request: Request, tune_id: str) -> Response:
        """Say something about a tune, or answer what was said. The same words twice in a minute are one comment."""
        tune = tune_talked_about(tune_id, listener=request.listener)
        sent = checked(faces.CommentWordsSerializer, request)
        answered = _answered(tune, sent.get("reply_to"))
        written = comment_write(tune=tune, listener=request.listener, text=sent["text"], reply_to=answered)
        return Response(_comment_face(request, written), status=201)


def _answered(tune: Tune, reply_to: int | None) -> Comment | None:
    if reply_to is None:
        return None
    comment = Comment.objects.filter(live(), tune=tune, pk=reply_to, parent=None).first()
    if comment is None:
        raise serializers.ValidationError({"reply_to": "There is no such comment to answer."})
    return comment


class CommentView(APIView):
    tag = "talk"

    @extend_schema(operation_id="comment", parameters=[AFTER], responses={200: faces.WholeThreadSerializer})
    def get(self, request: Request, comment_id: int) -> Response:
        """A comment and the answers to it."""
        thread = thread_of(comment_for(comment_id, listener=request.listener), after=cursor_of(request))
        told = {"comment": thread.comment, "next": next_page(request, thread.earlier), "results": thread.replies}
        return Response(faces.WholeThreadSerializer(told, context={"request": request}).data)

    @extend_schema(operation_id="comment_edit", request=faces.WordsSerializer, responses={200: faces.CommentSerializer})
    def patch(self, request: Request, comment_id: int) -> Response:
        """Write a comment of yours anew."""
        comment = own_comment_for(comment_id, listener=request.listener)
        text = checked(faces.WordsSerializer, request)["text"]
        comment_edit(comment=comment, listener=request.listener, text=text)
        return Response(_comment_face(request, comment))

    @extend_schema(operation_id="comment_delete", responses={204: None})
    def delete(self, request: Request, comment_id: int) -> Response:
        """Delete a comment of yours, for good."""
        comment = own_comment_for(comment_id, listener=request.listener)
        comment_delete(comment=comment, listener=request.listener)
        return Response(status=204)


def _comment_face(request: Request, comment: Comment) -> dict:
    return faces.CommentSerializer(comment, context={"request": request}).data


class ReportsView(APIView):
    tag = "talk"

    @extend_schema(
        operation_id="report_write",
        request=faces.ReportSerializer,
        responses={201: faces.ReportedSerializer},
        examples=[REPORT],
    )
    def post(self, request: Request) -> Response:
        """Tell our staff of a tune or a comment that should not be there."""
        sent = checked(faces.ReportSerializer, request)
        thing = _reported(request, sent)
        report = report_write(listener=request.listener, reason=sent["reason"], text=sent.get("note", ""), **thing)
        return Response(faces.ReportedSerializer(report).data, status=201)


def _reported(request: Request, sent: dict) -> dict:
    """The thing itself; one that is not there for this listener is a wrong field and no missing page."""
    try:
        if "tune" in sent:
            return {"tune": seen_tune(request, sent["tune"])}
        comment = comment_for(sent["comment"], listener=request.listener)
        if not comment.is_live:
            raise Http404
        return {"comment": comment}
    except Http404 as error:
        which = "tune" if "tune" in sent else "comment"
        raise serializers.ValidationError({which: f"There is no such {which}."}) from error
