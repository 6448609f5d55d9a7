"""Answers that are no JSON: pages that bring their own style, and words as sound."""

import base64
import hashlib
import html
import re
from functools import lru_cache

from markdown_it import MarkdownIt
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from posecoach.core import paths, translation
from posecoach.core.translation import tr
from posecoach.core.types import Side
from posecoach.feedback import figures
from posecoach.feedback.soundtrack import Soundtrack
from posecoach.feedback.voice import Voice
from posecoach.records import settings
from posecoach.web import kept, sentences
from posecoach.web.studio import Studio

_ACCURACY = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title} · posecoach</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/app.css">
<main class="document"><p><a class="button" href="/#/therapist">{back}</a></p>{shown}</main></html>"""
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_ATTRIBUTE = re.compile(r'\sstyle="([^"]*)"')


def with_own_style(page: str, media_type: str = "text/html") -> Response:
    """A document that is complete in itself: only the styles that it brings may be used, and no script."""
    styles = [*_STYLE.findall(page), *_ATTRIBUTE.findall(page)]
    hashes = " ".join(f"'sha256-{_hash(style)}'" for style in styles)
    policy = (
        f"default-src 'none'; style-src 'unsafe-hashes' {hashes}; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return Response(page, media_type=media_type, headers={"Content-Security-Policy": policy})


_BACK = """<body>
<style>.back{{margin:1rem}}.back a{{color:#123b6b;font:1rem/3 system-ui,sans-serif}}
@media print{{.back{{display:none}}}}</style>
<nav class="back"><a href="/#/history">{text}</a></nav>"""


def report(number: int) -> Response:
    """The page of a session, with a way back: an installed app has no button for it."""
    back = _BACK.format(text=html.escape(tr("Back to the history")))
    return with_own_style(kept.report(number).replace("<body>", back, 1))


def figure(exercise: str, side: Side, moving: bool, head_left: bool | None) -> Response:
    """The drawn figure of an exercise, still or as a loop."""
    if exercise not in figures.exercises():
        return Response(status_code=404)
    draw = figures.loop_svg if moving else figures.svg
    drawn = draw(exercise, side=side, head_left=head_left)
    answer = with_own_style(drawn, "image/svg+xml")
    answer.headers["Cache-Control"] = "max-age=86400"
    return answer


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def accuracy() -> Response:
    """How well the coach is known to judge, as the documentation says it."""
    page = paths.shipped("docs") / "accuracy.md"
    if not page.is_file():
        return Response(status_code=404)
    shown = MarkdownIt("commonmark").enable("table").render(page.read_text("utf-8"))
    # Links of the documentation lead to its other pages, which are not here.
    shown = re.sub(r"</?a\b[^>]*>|<img\b[^>]*>", "", shown)
    return HTMLResponse(_ACCURACY.format(shown=shown, title=tr("Accuracy"), back=tr("Back to the beginning")))


async def words(studio: Studio, number: int) -> Response:
    """The sound of an utterance of the session, by this machine's voice, for a browser that has none."""
    lesson = studio.lesson
    return await _sound(lesson.words(number) if lesson is not None else None)


async def own_words(text: str) -> Response:
    """The sound of a sentence that the page says by itself: it is fetched before it is needed."""
    return await _sound(sentences.translated().get(text))


async def _sound(text: str | None) -> Response:
    """404 for what is not said here, and an empty answer where this machine has no voice."""
    if not text:
        return Response(status_code=404)
    sound = await run_in_threadpool(_spoken, text)
    if sound is None:
        return Response(status_code=204)
    return Response(sound, media_type="audio/wav")


def _spoken(text: str) -> bytes | None:
    chosen = settings.load(tell=False)
    samples = _voice(chosen.rate, chosen.voice_name, translation.language()).say(text)
    return None if samples is None else Soundtrack(samples, ()).wav()


@lru_cache(maxsize=1)
def _voice(rate: int, name: str, language: str) -> Voice:
    """This machine's voice, kept for the next words."""
    return Voice(rate, name, language)
