"""Work on bonus rules: one version in words, the editor of a draft with a live example, the meeting, comparing."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.inputs import fingerprint
from incentives import selectors
from incentives.forms.rules import MeetingForm, RuleForm, TryForm, initial_of
from incentives.models import BonusRuleVersion
from incentives.rules.definition import read_rule
from incentives.rules.example import example
from incentives.rules.words import clauses, differences
from incentives.services import rules
from teams import periods
from teams.access import access_of, unit_for
from teams.actions import carried_out
from teams.errors import TeamError
from teams.forms import OtherVersionForm
from teams.photos import storing_photos

State = BonusRuleVersion.State


def readable(user, pk):
    """The version with this id; 404 for those whom it does not concern."""
    return get_object_or_404(selectors.rules_readable(access_of(user)), pk=pk)


def managed(user, pk):
    """The version with this id, for those who keep the rules of its unit."""
    version = get_object_or_404(BonusRuleVersion.objects.select_related("rule__unit"), pk=pk)
    unit_for(user, version.rule.unit_id, "bonus.pool")
    return version


@require_safe
def rule_detail(request, version_id):
    version = readable(request.user, version_id)
    return _page(request, version, MeetingForm())


def _page(request, version, meeting):
    rule = read_rule(version.definition)
    keeps = access_of(request.user).on_unit("bonus.pool", version.rule.unit_id)
    held = selectors.units_held(version.rule.versions.select_related("rule"), periods.current_period())
    month = periods.shift(periods.current_period(), 1 if held else 0)
    context = {
        "version": version,
        "clauses": clauses(rule),
        "needs_points": rule.uses("points"),
        "keeps": keeps,
        "lists": access_of(request.user).has("bonus.view"),
        "meeting": meeting if keeps and version.state == State.DRAFT else None,
        "photos": version.files.all() if version.passed_on else [],
        "month": f"{periods.first_day(month):%Y-%m}",
    }
    return render(request, "incentives/rule.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, version_id):
    """The form of a draft beside what it would mean for the latest month of a team; trying stores nothing."""
    version = managed(request.user, version_id)
    if version.state != State.DRAFT:
        messages.error(request, "这一版已经通过或者执行，不能再改。要改请另起一版。")
        return redirect("incentives:rule", version.pk)
    form = _form(request, version)
    saving = request.POST.get("do") == "save"
    if saving and form.is_valid() and _saved(request, version, form):
        return redirect("incentives:rule", version.pk)
    context = {"version": version, "form": form, "saving": saving} | _tried(request, version, form)
    context["shown"] = request.POST.get("shown") or fingerprint(version.definition)
    return render(request, "incentives/rule_edit.html", context)


def _form(request, version):
    keys = [part["key"] for part in version.definition["parts"]]
    return RuleForm(request.POST or None, keys=keys, initial=initial_of(version.definition))


def _saved(request, version, form):
    """Save what was typed, and say what changed; a refusal becomes an error of the form."""
    definition, told = form.definition(version.rule.name), []

    def save():
        told.extend(
            rules.save_draft(version, definition, request.POST.get("shown", ""), actor=request.user),
        )

    done = carried_out(form, save)
    if done:
        messages.success(request, f"草案已保存，{len(told)} 处改动。" if told else "没有改动。")
    return done


def _tried(request, version, form):
    """The example: of what is typed when it can be read, else of what the draft says."""
    teams = selectors.divided_teams(version.rule.unit)
    trial = TryForm(request.POST or request.GET, teams=teams)
    team = trial.chosen()
    readable_form = form.is_bound and form.is_valid()
    definition = form.definition(version.rule.name) if readable_form else version.definition
    tried = example(read_rule(definition), team) if team else None
    return {"trial": trial, "team": team, "example": tried, "unreadable": form.is_bound and not readable_form}


@require_POST
def redraft(request, version_id):
    version = managed(request.user, version_id)
    try:
        draft = rules.redraft(version, actor=request.user)
    except TeamError as error:
        messages.error(request, str(error))
        return redirect("incentives:rule", version.pk)
    messages.success(request, f"“{draft}”已起草，改好后保存，交民主管理会讨论。")
    return redirect("incentives:rule-edit", draft.pk)


@require_POST
def pass_by_meeting(request, version_id):
    version = managed(request.user, version_id)
    form = MeetingForm(request.POST, request.FILES)
    if form.is_valid() and carried_out(form, _passed, version, form.cleaned_data, request.user):
        messages.success(request, "已登记通过。选定月份就可以执行。")
        return redirect("incentives:rule", version.pk)
    return _page(request, version, form)


def _passed(version, said, actor):
    """The meeting with its photos, or neither; they are kept with the first team of the unit."""
    uploads, facts = said.pop("photos"), said
    team = selectors.first_team(version.rule.unit)
    if uploads and team is None:
        raise TeamError("这个单位下面还没有班组，照片没有地方放。请先不附照片。")
    with storing_photos(team=team, actor=actor) as store:
        photos = [store(upload) for upload in uploads]
        rules.pass_by_meeting(version, photos=photos, actor=actor, **facts)


@require_safe
def compare(request, version_id):
    """What this version says differently from another one that the person may read, in words."""
    version = readable(request.user, version_id)
    others = selectors.rules_readable(access_of(request.user)).exclude(pk=version.pk)
    others = others.order_by("rule__unit", "rule__name", "-number")
    form = OtherVersionForm(request.GET or {"other": _usual(version, others)}, versions=others)
    other = form.cleaned_data["other"] if others and form.is_valid() else None
    context = {"version": version, "others": others, "form": form, "other": other}
    if other:
        context["changes"] = differences(read_rule(other.definition), read_rule(version.definition))
    return render(request, "incentives/rule_compare.html", context)


def _usual(version, others):
    """The version before this one, else any other of the same rule, else any other."""
    near = (
        (other.rule_id != version.rule_id, other.number > version.number, -other.number, other.pk) for other in others
    )
    return min(near, default=(None,))[-1]
