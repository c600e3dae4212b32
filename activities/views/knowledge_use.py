"""What others do with published knowledge: adopt it, sign that they have read it, carry it as a card."""

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from activities.forms.knowledge import AdoptForm, CardsForm, FeedbackForm
from activities.knowledge import library, readers
from activities.knowledge.access import adoption_for, followed_by, must_sign, teams_to_adopt, version_for
from activities.knowledge.steps import CARDS
from activities.services import knowledge_use
from activities.views.knowledge import back_to
from teams import audit
from teams.access import require
from teams.actions import carry_out, first_errors, turned_back
from teams.downloads import workbook, workbook_response
from teams.once import once
from teams.selectors import page_of, with_words


@require_POST
def knowledge_adopt(request, version_id):
    require(request.user, "knowledge.adopt")
    version = version_for(request.user, version_id)
    form, back = AdoptForm(request.POST, teams=teams_to_adopt(request.user, version.item)), back_to(version)
    if not form.is_valid():
        return turned_back(request, form, back)
    team = form.cleaned_data["team"]
    return carry_out(request, f"已登记：{team}开始试用。", back, knowledge_use.adopt, version, team)


@require_POST
def knowledge_feedback(request, adoption_id):
    adoption = adoption_for(request.user, adoption_id)
    form, back = FeedbackForm(request.POST), back_to(adoption.version)
    if not form.is_valid():
        return turned_back(request, form, back)
    done = "反馈已记下，写的人看得到。"
    return carry_out(request, done, back, knowledge_use.conclude, adoption, **form.cleaned_data)


@require_POST
def knowledge_sign(request, version_id):
    version = version_for(request.user, version_id)
    if not must_sign(request.user, version):
        raise PermissionDenied
    return carry_out(request, "已签收。", back_to(version), knowledge_use.sign, version)


@require_safe
@once()
def knowledge_readers(request, version_id):
    version = followed_by(request.user, version_id)
    rows = readers.readers_of(version)
    signed = sum(row.at is not None for row in rows)
    context = {"version": version, "page": page_of(rows, request), "signed": signed, "all": len(rows)}
    return render(request, "activities/knowledge_readers.html", context)


@require_POST
def knowledge_readers_export(request, version_id):
    """Who has signed and who has not, as a workbook; leaves a trail, for it names people."""
    version = followed_by(request.user, version_id)
    table = list(readers.exported(readers.readers_of(version)))
    facts = {"unit": version.item.unit, "after": {"rows": len(table)}}
    audit.record("knowledge.readers_exported", version, actor=request.user, **facts)
    name = f"签收 {version.title} 第{version.number}版 {timezone.localdate()}"
    return workbook_response(workbook("签收", readers.HEADERS, table), name)


@require_safe
@once()
def knowledge_cards(request):
    """All cards, to choose from for printing."""
    words = request.GET.get("q", "").replace("\0", "")[:60]
    rows = with_words(library.cards(request.user), library.fold(words), "words__contains")
    return render(request, "activities/knowledge_cards.html", {"cards": rows, "q": words})


@require_safe
@once()
def knowledge_print(request):
    """The chosen cards, four on a sheet of A4, each with a code that leads to what holds now."""
    form = CardsForm(request.GET, user=request.user)
    if not form.is_valid():
        messages.error(request, first_errors(form))
        return redirect("activities:knowledge-cards")
    cards = [(card, _code(request, card)) for card in form.cleaned_data["card"]]
    return render(request, "activities/knowledge_print.html", {"cards": cards})


def _code(request, card):
    address = request.build_absolute_uri(reverse("activities:knowledge-item", args=[card.item_id]))
    return segno.make(address, error="m").svg_data_uri(scale=3, border=2, light="white")


@require_safe
@once()
def knowledge_card(request, version_id):
    """One card for the phone: large steps, and how fast the own team was in its latest drill."""
    version = version_for(request.user, version_id)
    if version.item.kind not in CARDS:
        raise Http404
    drill = library.latest_drill(request.user) if version.item.kind == "emergency_card" else None
    return render(request, "activities/knowledge_card.html", {"version": version, "drill": drill})
