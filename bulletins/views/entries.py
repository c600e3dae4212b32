"""The page on which an upheld objection is corrected, for the floors above: the entry is made there, then chosen here."""

from django.contrib import messages
from django.shortcuts import redirect, render

from bulletins.forms.entries import EntryForm
from bulletins.services import objections
from teams.actions import carried_out


def entry_page(request, objection, *, entries, how, ways, worth=None):
    """Answer a page that offers `entries` (Entry) for an objection, and links the one that is posted.

    `how` says in a sentence how it is corrected, `ways` are (label, address) of pages on which the entry is made,
    `worth` says what it comes to: {words, address of the figures behind it}.
    """
    form = EntryForm(request.POST if request.method == "POST" else None, entries=entries)
    if form.is_valid() and carried_out(form, _link, objection, form.chosen, actor=request.user):
        messages.success(request, "更正已登记，更正说明已贴在榜上。")
        return redirect(request.path)
    context = {"objection": objection, "form": form, "how": how, "ways": ways, "worth": worth}
    return render(request, "bulletins/objection_entry.html", context)


def _link(objection, entry, *, actor):
    objections.link_correction(objection, entry.text, entry.url, actor=actor)
