"""The page on which an upheld objection is corrected, for the floors above: the entry is made there, then chosen here."""

from django.contrib import messages
from django.shortcuts import redirect, render

from bulletins.forms.entries import EntryForm
from bulletins.services import objections
from teams.actions import carried_out


def link(objection, entry, *, actor):
    """Link an Entry to its objection; a floor that has more to do says so with `linking` of the page."""
    objections.link_correction(objection, entry.text, entry.url, actor=actor)


def entry_page(request, objection, *, entries, linking=link, **said):
    """Answer a page that offers `entries` (Entry) for an objection, and links the one that is posted with `linking`.

    `said` holds `how`, a sentence how it is corrected, and `ways`, (label, address) of pages on which the entry is made;
    it may hold `worth`, what it comes to: {words, address of the figures behind it}, `warning`, what to know before it is
    made, and `left_out`, (sentence, address) about what was made and cannot be chosen.
    """
    form = EntryForm(request.POST if request.method == "POST" else None, entries=entries)
    if form.is_valid() and carried_out(form, linking, objection, form.chosen, actor=request.user):
        messages.success(request, "更正已登记，更正说明已贴在榜上。")
        return redirect(request.path)
    return render(request, "bulletins/objection_entry.html", {"objection": objection, "form": form} | said)
