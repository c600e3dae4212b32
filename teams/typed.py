"""What was typed into a form whose page answers with a redirect: kept until the next page, which fills the form in again.

teamhub.js puts it back into the form that was sent. Where the script or the form is missing, the words are there to be copied.
"""

from django.utils.functional import SimpleLazyObject

SECRET = {"csrfmiddlewaretoken", "password", "code"}
MOST = 10_000
"""Characters in one form; what is longer was not typed."""


def keep(request):
    """Keep the posted fields in the session of whoever sent them, secrets left out; a button alone keeps nothing."""
    names = [name for name in request.POST if name not in SECRET]
    values = [(name, value) for name in names for value in request.POST.getlist(name)]
    if 0 < sum(len(value) for _, value in values) <= MOST:
        request.session["typed"] = {"action": request.path, "values": values}


def typed(request):
    """Template context: what the form sent last held when it was refused, once; `words` are for people to read."""
    return {"typed": SimpleLazyObject(lambda: _taken(request))}


def _taken(request):
    kept = request.session.pop("typed", None) if hasattr(request, "session") else None
    return kept and kept | {"words": [value for _, value in kept["values"] if not value.isascii()]}
