"""How a page carries out a deed: call the service, tell the outcome in a sentence, go back."""

from django.contrib import messages
from django.shortcuts import redirect

from teams import typed
from teams.errors import TeamError
from teams.forms import ReasonForm


def carry_out(request, done, back, service, *args, **kwargs):
    """Call `service(*args, actor=request.user, **kwargs)`; say `done` or the refusal; redirect to `back`.

    `back` is a pair (URL name, args) or something with get_absolute_url; refusals are TeamError sentences.
    """
    try:
        service(*args, actor=request.user, **kwargs)
    except TeamError as error:
        messages.error(request, str(error))
        typed.keep(request)
    else:
        messages.success(request, done)
    name, values = back
    return redirect(name, *values)


def carry_out_with_reason(request, done, back, service, *args):
    """As carry_out, with the posted reason as the service's last argument; without a reason nothing happens."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return turned_back(request, form, back)
    return carry_out(request, done, back, service, *args, form.cleaned_data["reason"])


def turned_back(request, form, back):
    """Say why the form of a button or of a few fields is refused and redirect to its page `back`, which fills it in again."""
    messages.error(request, first_errors(form))
    typed.keep(request)
    name, values = back
    return redirect(name, *values)


def carried_out(form, service, *args, **kwargs):
    """Call a service on behalf of a form; a refusal becomes an error of the form. Returns whether it was carried out."""
    try:
        service(*args, **kwargs)
    except TeamError as error:
        form.add_error(None, str(error))
        return False
    return True


def made(form, service, *args, **kwargs):
    """As carried_out, for a service that returns what it made: returns that, None when it refused."""
    try:
        return service(*args, **kwargs)
    except TeamError as error:
        form.add_error(None, str(error))
        return None


def first_errors(form):
    """All error sentences of a form in one line, for forms that consist of a single button or field."""
    return " ".join(error for errors in form.errors.values() for error in errors)
