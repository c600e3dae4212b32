"""Titles: the list and its workbook, the page of one with its history, certificates, and their verification for everybody."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.forms.titles import CloseForm, TitleFilterForm
from assessments.honours import title_access as reach
from assessments.honours import title_rewards
from assessments.honours import titles as reads
from assessments.honours.certificates import MOST, certificates
from assessments.honours.pages import pages_for
from assessments.honours.rounds import managed
from assessments.models import Title
from assessments.services import titles
from bulletins.paper.printing import PaperRefused
from teams import audit
from teams.access import access_of, home_unit
from teams.actions import carry_out, first_errors, turned_back
from teams.downloads import Sheet, pdf_response, workbook_of, workbook_response
from teams.selectors import page_of


def _listed(user, data):
    """The titles that the filters let through, and the filter form; none when a filter makes no sense."""
    form = TitleFilterForm(data, **reads.choices_for(user))
    return reads.listed(user, **form.cleaned_data) if form.is_valid() else Title.objects.none(), form


@require_safe
def title_list(request):
    rows, form = _listed(request.user, request.GET)
    context = {"page": page_of(rows, request), "form": form, "errors": first_errors(form)}
    context |= {"runs": access_of(request.user).has("title.recheck")}
    context |= {"pages": pages_for(request.user, "assessments:titles")}
    return render(request, "assessments/title_list.html", context)


@require_POST
def export(request):
    """The filtered list as a workbook; leaves a trail, for it names people."""
    rows, _ = _listed(request.user, request.POST)
    table, unit = list(reads.exported(rows)), home_unit(request.user)
    audit.record("title.exported", request.user, actor=request.user, unit=unit, after={"rows": len(table)})
    return workbook_response(workbook_of(Sheet("称号", reads.HEADERS, table)), f"称号 {timezone.localdate()}")


@require_safe
def detail(request, title_id):
    title = reach.title_for(request.user, title_id)
    runs = reach.runs(request.user, title)
    steps, rechecks = reads.history_of(title)
    context = {
        "title": title,
        "steps": steps,
        "rechecks": rechecks,
        "open_recheck": reads.open_recheck_of(title),
        "runs": runs,
        "prints": reach.may_print(request.user, title),
        "close_form": CloseForm() if runs and title.state == Title.State.RECTIFYING else None,
        "reward_ways": title_rewards.ways_for(request.user, title),
        "rewards": title_rewards.given_for(request.user, title),
    }
    return render(request, "assessments/title.html", context)


@require_POST
def close(request, title_id):
    """Whether what was wrong is mended."""
    title, form = reach.title_to_run(request.user, title_id), CloseForm(request.POST)
    back = ("assessments:title", [title.pk])
    if not form.is_valid():
        return turned_back(request, form, back)
    reason = form.cleaned_data["reason"]
    if form.cleaned_data["outcome"] == "restore":
        return carry_out(request, "整改合格，称号保留。", back, titles.restore, title, reason)
    return carry_out(request, "称号已撤销。", back, titles.fail, title, form.cleaned_data["way"], reason)


# -- Certificates ---------------------------------------------------------------------------------------------------------


@require_safe
def certificate(request, title_id):
    title = reach.title_to_print(request.user, title_id)
    back = ("assessments:title", title.pk)
    return _printed(request, [title], f"{title.holder.name}{title.name}证书", back)


@require_safe
def round_certificates(request, round_id):
    """Every certificate of a named round in one document, for those who run it."""
    found = managed(request.user, round_id)
    rows = list(reach.WHOLE.filter(application__round=found).order_by("serial")[:MOST])
    if not rows:
        messages.error(request, "这一批还没有命名，没有证书。")
        return redirect("assessments:round", found.pk)
    return _printed(request, rows, f"{found}证书", ("assessments:round", found.pk))


def _printed(request, rows, title, back):
    """The PDF; or back with the reason why there is none."""

    def address_of(serial):
        return request.build_absolute_uri(reverse("assessments:title-verified", args=[serial]))

    try:
        content = certificates(rows, address_of, title=title)
    except PaperRefused as error:
        messages.error(request, str(error))
        return redirect(*back)
    return pdf_response(content, title, is_download=False)


@login_not_required
@require_safe
def verified(request, serial):
    """What a certificate says, to be compared with the paper; its QR code leads here."""
    title = reads.by_serial(serial)
    context = {"title": title, "serial": serial[:30], "holder": title and reads.public_name(title)}
    return render(request, "assessments/title_verified.html", context, status=200 if title else 404)
