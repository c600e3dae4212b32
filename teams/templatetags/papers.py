"""How the standing of a certificate or an honour looks."""

from django import template

from teams.careers import STANDINGS

register = template.Library()
LOOKS = {"valid": "ok", "due": "warn", "expired": "bad", "ended": "none", "withdrawn": "none"}


@register.inclusion_tag("includes/state.html")
def standing(paper):
    """The state of a paper that has a `standing`."""
    return {"kind": LOOKS[paper.standing], "word": STANDINGS[paper.standing]}
