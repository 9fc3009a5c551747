"""Which of two tunes, and human or machine?"""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.api import duel_serializers as faces
from webapp.api.asking import checked
from webapp.api.duel_faces import duel_face, riddle_face
from webapp.api.errors import Conflict
from webapp.duels.pairing import NoRivals
from webapp.duels.riddles import riddle_ask, riddle_for, riddle_guess
from webapp.duels.selectors import fooled, pair_for, reckoned, standings
from webapp.duels.services import AlreadySaid, NotInPair, NotOpen, duel_ask, duel_vote, pair_settle


class DuelsView(APIView):
    tag = "duels"

    @extend_schema(
        operation_id="duel_ask",
        request=faces.DuelAskSerializer,
        responses={200: faces.DuelSerializer, 202: faces.DuelSerializer},
    )
    def post(self, request: Request) -> Response:
        """Two tunes for the same words by two composers, that you have not chosen from.

        202: they are being written; look again. A pair that is written for you counts as a tune asked for.
        """
        rhythm = checked(faces.DuelAskSerializer, request).get("rhythm", "")
        try:
            pair = pair_settle(pair=duel_ask(listener=request.listener, rhythm=rhythm))
        except NoRivals as error:
            raise Conflict(str(error), code="no_rivals") from error
        return Response(duel_face(pair, request.listener), status=200 if pair.is_open else 202)


class DuelView(APIView):
    tag = "duels"

    @extend_schema(operation_id="duel", responses={200: faces.DuelSerializer})
    def get(self, request: Request, pair_id: str) -> Response:
        """A pair: blind until you have chosen, with the composers' names afterwards."""
        return Response(duel_face(pair_settle(pair=pair_for(pair_id)), request.listener))


class DuelVoteView(APIView):
    tag = "duels"

    @extend_schema(operation_id="duel_vote", request=faces.VoteSerializer, responses={200: faces.DuelSerializer})
    def post(self, request: Request, pair_id: str) -> Response:
        """Choose one of the two, or skip them. One choice a pair; the first counts (409)."""
        pair, sent = pair_for(pair_id), checked(faces.VoteSerializer, request)
        try:
            duel_vote(pair=pair, listener=request.listener, token=sent.get("side", ""), heard=sent.get("heard", 0))
        except NotInPair as error:
            raise serializers.ValidationError({"side": str(error)}) from error
        except NotOpen as error:
            raise Conflict(str(error), code="not_open") from error
        except AlreadySaid as error:
            raise Conflict(str(error), code="already_said") from error
        return Response(duel_face(pair, request.listener))


class RiddlesView(APIView):
    tag = "duels"

    @extend_schema(
        operation_id="riddle_ask",
        request=None,
        responses={200: faces.RiddleAskedSerializer, 202: faces.RiddleAskedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Human or machine? A tune that you have not guessed at. 202: none is ready; ask again."""
        riddle = riddle_ask(listener=request.listener)
        told = riddle_face(riddle, request.listener) if riddle else None
        return Response({"riddle": told}, status=200 if riddle else 202)


class RiddleView(APIView):
    tag = "duels"

    @extend_schema(operation_id="riddle", responses={200: faces.RiddleSerializer})
    def get(self, request: Request, riddle_id: str) -> Response:
        """A tune to guess at, and what it is once you have."""
        return Response(riddle_face(riddle_for(riddle_id), request.listener))


class RiddleGuessView(APIView):
    tag = "duels"

    @extend_schema(operation_id="riddle_guess", request=faces.GuessSerializer, responses={200: faces.RiddleSerializer})
    def post(self, request: Request, riddle_id: str) -> Response:
        """Say what you take it for. One guess a tune; the first counts (409)."""
        riddle, said = riddle_for(riddle_id), checked(faces.GuessSerializer, request)["said"]
        try:
            riddle_guess(riddle=riddle, listener=request.listener, said=said)
        except AlreadySaid as error:
            raise Conflict(str(error), code="already_said") from error
        return Response(riddle_face(riddle, request.listener))


class RankingView(APIView):
    tag = "duels"

    @extend_schema(operation_id="duels_ranking", responses={200: faces.RankingSerializer})
    def get(self, request: Request) -> Response:
        """The composers by what listeners preferred, and how often listeners were fooled."""
        reckoning = reckoned()
        rows = {"standings": standings(), "fooled": fooled()}
        return Response(faces.RankingSerializer({"made": reckoning.made if reckoning else None, **rows}).data)
