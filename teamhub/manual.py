"""The manual as help inside the product: docs/*.md as pages, searched, and the topic that helps on a page."""

import re
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

from activities.knowledge.words import fold, snippet
from teamhub.topics import GROUPS, TOPICS

MOST_PLACES = 3
"""Places shown of a topic in which the words were found."""


def help_link(request):
    """Context processor: `help_url`, the address of the topic that helps on this page, or else of all topics."""
    match = getattr(request, "resolver_match", None)
    return {"help_url": address_of(topic_of(match.view_name) if match else None)}


@cache
def topic_of(page):
    """The topic that helps on the page of this name: of all beginnings that fit, the longest decides; or None."""
    fits = [
        (len(start), slug) for slug, topic in TOPICS.items() for start in topic.pages.split() if page.startswith(start)
    ]
    return TOPICS[max(fits)[1]] if fits else None


def address_of(topic):
    return reverse("help-topic", args=[topic.slug]) if topic else reverse("help")


def group_of(topic):
    return next(group for group, topics in GROUPS.items() if topic in topics)


def found(asked):
    """[(topic, places)] of the topics in which all of the asked words stand; a place is a passage with its hits marked.

    A topic whose heading has all the words comes before those that only mention them.
    """
    words = fold(asked).split()
    hits = [topic for topic in TOPICS.values() if all(word in fold(_text(topic)) for word in words)]
    hits.sort(key=lambda topic: not all(word in fold(topic.heading) for word in words))
    return [(topic, _places(topic, words)) for topic in hits] if words else []


def _places(topic, words):
    """The passages with the most of the words, in the order of the text."""
    passages = _passages(topic)
    most = max((_hits(passage, words) for passage in passages), default=0)
    return [snippet(text, words) for text in passages if most and _hits(text, words) == most][:MOST_PLACES]


def _hits(text, words):
    return sum(word in fold(text) for word in words)


@cache
def _text(topic):
    return "\n".join([topic.heading, *_passages(topic)])


@cache
def _passages(topic):
    """The text of each paragraph, line of a list and cell, without signs of Markdown."""
    texts = (token for token in _reader().parse(_source(topic)) if token.type == "inline")
    return ["".join(part.content for part in text.children) for text in texts]


@cache
def html_of(topic):
    """The text of a topic as HTML; our own documents, so nothing of it comes from people who use the product."""
    return mark_safe(_reader().render(_source(topic)))


def _source(topic):
    """What stands below the topic's heading; of a document of its own all from its first heading on."""
    if topic.is_document:
        return "".join(f"## {heading}\n{text}" for heading, text in chapters(topic.slug).items())
    return chapters("manual")[topic.heading]


@cache
def chapters(document):
    """{heading of the second level: the Markdown below it} of docs/<document>.md."""
    text = (settings.BASE_DIR / "docs" / f"{document}.md").read_text(encoding="utf-8")
    _, *parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


@cache
def _reader():
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("table_open", lambda *_: '<div class="table-responsive" tabindex="0"><table class="table">')
    reader.add_render_rule("table_close", lambda *_: "</table></div>")
    reader.add_render_rule("link_open", _link)
    # Chinese has no spaces: a line that ends in the source ends nothing.
    reader.add_render_rule("softbreak", lambda *_: "")
    return reader


def _link(renderer, tokens, index, options, env):
    """Documents that are topics are linked to as topics."""
    slug = tokens[index].attrGet("href").removesuffix(".md")
    if slug in TOPICS:
        tokens[index].attrSet("href", address_of(TOPICS[slug]))
    return renderer.renderToken(tokens, index, options, env)
