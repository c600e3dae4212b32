"""Ideas (合理化建议、攻关): the list, handing one in, its page with the steps that are one's own, the figures of a year."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.forms.ideas import AdoptForm, IdeaFilterForm, IdeaForm, VerifyForm, YearForm
from activities.ideas import access as reach
from activities.ideas import figures, lists, rewards
from activities.ideas.moves import MOVES, PATH, PLACES, WITH_REASON
from activities.models import Idea
from activities.services import ideas
from teams import audit
from teams.access import access_of, home_unit, require
from teams.actions import carried_out, carry_out, carry_out_with_reason, first_errors, turned_back
from teams.downloads import Sheet, workbook, workbook_of, workbook_response
from teams.files import storing_files
from teams.models import User
from teams.selectors import members_of, page_of


def _listed(user, data):
    """(ideas that the filters let through, the filter form); none when a filter makes no sense."""
    form = IdeaFilterForm(data, teams=lists.teams_seen(user))
    return lists.listed(user, **form.cleaned_data) if form.is_valid() else Idea.objects.none(), form


@require_safe
def idea_list(request):
    rows, form = _listed(request.user, request.GET)
    page = page_of(rows, request)
    context = {
        "page": page,
        "rows": [(idea, lists.lateness_of(idea)) for idea in page],
        "form": form,
        "errors": first_errors(form),
        "is_narrowed": any(form.data.get(name) for name in form.fields),
        "may_submit": reach.home_team(request.user) is not None,
    }
    return render(request, "activities/idea_list.html", context)


@require_POST
def export(request):
    """The filtered list as a workbook; leaves a trail, for it names people."""
    rows, _ = _listed(request.user, request.POST)
    table = list(lists.exported(rows))
    facts = {"unit": home_unit(request.user), "after": {"rows": len(table)}}
    audit.record("idea.exported", request.user, actor=request.user, **facts)
    return workbook_response(workbook("建议", lists.HEADERS, table, lists.TOTALS), f"合理化建议 {timezone.localdate()}")


@require_safe
def year(request):
    """Who had how many ideas, what became of them, what they are worth."""
    form = YearForm(request.GET)
    rows, total = _year_of(request.user, form.chosen)
    context = {"form": form, "year": form.chosen, "rows": rows, "total": total, "errors": first_errors(form)}
    return render(request, "activities/idea_year.html", context)


def _year_of(user, chosen):
    return figures.year_of(access_of(user).teams("team.view").select_related("unit"), chosen)


@require_POST
def year_export(request):
    chosen = YearForm(request.POST).chosen
    rows, total = _year_of(request.user, chosen)
    facts = {"unit": home_unit(request.user), "after": {"year": chosen}}
    audit.record("idea.counted", request.user, actor=request.user, **facts)
    sheet = Sheet(f"{chosen}年", figures.HEADERS, list(figures.exported([*rows, total])))
    return workbook_response(workbook_of(sheet), f"{chosen}年合理化建议统计")


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request):
    require(request.user, "idea.submit")
    team = reach.home_team(request.user)
    if team is None:
        messages.error(request, "您的班组已经撤销，调到别的班组以后再提。")
        return redirect("activities:ideas")
    form = IdeaForm(request.POST or None, request.FILES or None, mates=_mates(team, request.user))
    if form.is_valid() and _submitted(form, request, team):
        messages.success(request, "已提出，等评审。办到哪一步，在这里看。")
        return redirect("activities:ideas")
    return render(request, "activities/idea_form.html", {"form": form, "team": team})


def _mates(team, person):
    return User.objects.filter(pk__in=members_of(team).exclude(user=person).values("user")).order_by("employee_no")


def _submitted(form, request, team):
    key = form.cleaned_data["key"]
    return ideas.is_submitted(key) or _stored(form, request, team, ideas.submit, team, source=key)


def _stored(form, request, team, service, *args, **kwargs):
    """Store the files and call a service with the form's content; a refusal becomes an error of the form."""

    def deed(*args, **kwargs):
        with storing_files(team=team, actor=request.user) as store:
            content = form.content([store(upload) for upload in form.cleaned_data["files"]])
            service(*args, content, actor=request.user, **kwargs)

    return carried_out(form, deed, *args, **kwargs)


def _idea(user, pk):
    idea = lists.idea_for(user, pk)
    if idea is None:
        raise Http404
    return idea


@require_safe
def detail(request, idea_id):
    idea = _idea(request.user, idea_id)
    moves = reach.open_moves(request.user, idea)
    context = {
        "idea": idea,
        "late": lists.lateness_of(idea),
        "path": list(enumerate(PATH)),
        "place": PLACES[idea.state],
        "moves": [(name, MOVES[name]) for name in moves if name in WITH_REASON],
        "may_edit": "supplement" in moves,
        "rewards": rewards.given_for(request.user, idea),
        "reward_ways": rewards.ways_for(request.user, idea),
    }
    return render(request, "activities/idea.html", context | _forms(idea, moves))


def _forms(idea, moves):
    """The forms of the moves that take more than a sentence, if they are the person's to make."""
    asked = [name for name in ("adopt", "reassign") if name in moves]
    first = {"owner": idea.owner_id, "due_on": idea.due_on}
    return {
        "adopting": asked and asked[0],
        "adopt_form": AdoptForm(people=reach.owners_of(idea.unit), initial=first) if asked else None,
        "verify_form": VerifyForm() if "verify" in moves else None,
    }


def _own(user, pk, name):
    """The idea, if the move is the person's to make in some state."""
    idea = _idea(user, pk)
    if not reach.may(user, idea, name):
        raise PermissionDenied
    return idea


@require_http_methods(["GET", "HEAD", "POST"])
def supplement(request, idea_id):
    idea = _own(request.user, idea_id, "supplement")
    if idea.state not in MOVES["supplement"].sources:
        messages.error(request, "只有退回补充的建议能改。")
        return redirect("activities:idea", idea.pk)
    form = IdeaForm(
        request.POST or None, request.FILES or None, mates=_mates(idea.team, idea.submitted_by), initial=_typed(idea)
    )
    if form.is_valid() and _stored(form, request, idea.team, ideas.supplement, idea):
        messages.success(request, MOVES["supplement"].done)
        return redirect("activities:idea", idea.pk)
    return render(request, "activities/idea_form.html", {"form": form, "team": idea.team, "idea": idea})


def _typed(idea):
    """What the form first shows of an idea; authors of other teams by their numbers."""
    mates = set(members_of(idea.team).values_list("user", flat=True))
    authors = [row.user for row in idea.authors.all() if row.user_id != idea.submitted_by_id]
    others = " ".join(user.employee_no for user in authors if user.pk not in mates)
    names = ("kind", "theme", "title", "problem", "proposal", "expected")
    stored = {name: getattr(idea, name) for name in names}
    return stored | {"mates": [user.pk for user in authors if user.pk in mates], "others": others}


@require_POST
def adopt(request, idea_id, name):
    """Adopt an idea, or let somebody else carry out an adopted one."""
    idea = _own(request.user, idea_id, name)
    form, back = AdoptForm(request.POST, people=reach.owners_of(idea.unit)), ("activities:idea", [idea.pk])
    if not form.is_valid():
        return turned_back(request, form, back)
    service = {"adopt": ideas.adopt, "reassign": ideas.reassign}[name]
    return carry_out(request, MOVES[name].done, back, service, idea, **form.cleaned_data)


@require_POST
def verify(request, idea_id):
    idea, form = _own(request.user, idea_id, "verify"), VerifyForm(request.POST)
    back = ("activities:idea", [idea.pk])
    if not form.is_valid():
        return turned_back(request, form, back)
    return carry_out(request, MOVES["verify"].done, back, ideas.verify, idea, **form.cleaned_data)


@require_POST
def step(request, idea_id, name):
    """A move that takes one sentence."""
    if name not in WITH_REASON:
        raise Http404
    idea = _own(request.user, idea_id, name)
    back = ("activities:idea", [idea.pk])
    return carry_out_with_reason(request, MOVES[name].done, back, ideas.take, idea, name)
