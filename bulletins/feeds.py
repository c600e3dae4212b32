"""The feed of what was posted, for programs that nobody signs in with: titles and what everybody may see."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from bulletins.models import Bulletin
from bulletins.paper.sheets import printable
from bulletins.tables import ANONYMOUS, seen_by

LONGEST = 30
"""How many boards the feed tells of."""


class BoardFeed(Feed):
    """The latest boards of which everybody may see something, newest first."""

    feed_type = Atom1Feed
    title = "TeamHub 公告栏"
    subtitle = "最近张榜的公开内容"

    def link(self):
        return reverse("bulletins:wall")

    def feed_url(self):
        return reverse("bulletins:feed")

    def items(self):
        boards = Bulletin.objects.current().select_related("unit").order_by("-published_at")[: 2 * LONGEST]
        return [board for board in boards if _told(board)][:LONGEST]

    def item_title(self, item):
        return printable(item.title)

    def item_description(self, item):
        return printable("\n".join(_told(item)))

    def item_link(self, item):
        return reverse("bulletins:board", args=[item.serial])

    def item_pubdate(self, item):
        return item.published_at

    def item_updateddate(self, item):
        return item.published_at

    def item_author_name(self, item):
        return printable(item.unit.name)

    def item_categories(self, item):
        return [item.get_kind_display()]


feed = login_not_required(require_safe(BoardFeed()))


def _told(board):
    """Lines with the public facts of a board; of a notice its text when that is for everybody."""
    seen = seen_by(board.content, ANONYMOUS)
    facts = "；".join(f"{fact['label']} {fact['value']}" for fact in seen["facts"])
    return [*([facts] if facts else []), *(seen["notes"] if board.kind == Bulletin.Kind.NOTICE else [])]
