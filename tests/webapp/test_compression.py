"""Text travels compressed, and nothing else does."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory, SimpleTestCase, TestCase

from webapp.compression import TextCompression

GZIP = {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br"}


ABCJS = "/static/vendor/abcjs/abcjs-basic-min.js"


class PagesTest(TestCase):
    def test_it_sends_pages_scripts_and_styles_compressed(self) -> None:
        for where in ("/about/", "/static/css/base.css", "/static/js/player.js", ABCJS):
            with self.subTest(where):
                plain, small = Client().get(where), Client().get(where, **GZIP)
                self.assertNotIn("Content-Encoding", plain.headers)
                self.assertEqual(small.headers["Content-Encoding"], "gzip")
                self.assertIn("Accept-Encoding", small.headers["Vary"])
                self.assertLess(len(small.getvalue()), len(plain.getvalue()) / 2)
                if "/static/" in where:
                    self.assertEqual(gzip.decompress(small.getvalue()), plain.getvalue())

    def test_it_sends_sound_and_fonts_as_they_are(self) -> None:
        for where in ("/static/samples/violin-mp3/A4.mp3", "/static/vendor/fonts/inter-latin-400-normal.woff2"):
            self.assertNotIn("Content-Encoding", Client().get(where, **GZIP).headers, where)

    def test_a_browser_that_has_the_file_gets_nothing_again(self) -> None:
        for where in ("/static/css/base.css", ABCJS):
            tag = Client().get(where, **GZIP).headers["ETag"]
            again = Client().get(where, headers={"If-None-Match": tag}, **GZIP)
            self.assertEqual((again.status_code, again.getvalue()), (304, b""), where)

    def test_it_keeps_pieces_of_a_file_whole(self) -> None:
        piece = Client().get("/static/css/base.css", headers={"Range": "bytes=0-299"}, **GZIP)
        self.assertEqual((piece.status_code, len(piece.getvalue())), (206, 300))

    def test_the_same_page_has_another_length_each_time(self) -> None:
        lengths = {len(Client().get("/about/", **GZIP).content) for _ in range(20)}
        self.assertGreater(len(lengths), 5)


class StreamTest(SimpleTestCase):
    def test_it_leaves_live_notes_alone(self) -> None:
        def events() -> Iterator[bytes]:
            yield b"event: notes\n\n"

        def answer(request: HttpRequest) -> HttpResponse:
            return StreamingHttpResponse(events(), content_type="text/event-stream")

        response = TextCompression(answer)(RequestFactory().get("/", **GZIP))
        self.assertNotIn("Content-Encoding", response.headers)
        self.assertEqual(list(response), [b"event: notes\n\n"])
