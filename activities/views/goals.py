"""Goals: the tree with lamps, setting and changing one, its page with progress and measures, how it ended."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.forms.goals import EndForm, GoalFilterForm, GoalForm, MeasureForm, MoveForm, ProgressForm
from activities.goals import access as reach
from activities.goals import lists
from activities.goals.chart import chart_of
from activities.goals.figures import level_of, name_of, read_on, series_of
from activities.models import Goal, GoalMeasure
from activities.services import goals
from teams import audit
from teams.access import home_unit, team_for, unit_for
from teams.actions import carried_out, carry_out, carry_out_with_reason, first_errors, made, turned_back
from teams.downloads import Sheet, workbook_of, workbook_response
from teams.figures import short_text
from teams.selectors import page_of


def _listed(user, data):
    form = GoalFilterForm(data)
    return lists.listed(user, **form.cleaned_data) if form.is_valid() else [], form


@require_safe
def goal_list(request):
    nodes, form = _listed(request.user, request.GET)
    units, teams = reach.places_for(request.user)
    context = {
        "page": page_of(nodes, request),
        "form": form,
        "errors": first_errors(form),
        "is_narrowed": any(form.data.get(name) for name in form.fields),
        "waiting": lists.measures_waiting(request.user)[:5],
        "units": units,
        "teams": teams,
        "has_home": home_unit(request.user) is not None,
    }
    return render(request, "activities/goal_list.html", context)


@require_POST
def export(request):
    """The filtered tree as a workbook; leaves a trail, for it names people."""
    nodes, _ = _listed(request.user, request.POST)
    facts = {"unit": home_unit(request.user), "after": {"rows": len(nodes)}}
    audit.record("goal.exported", request.user, actor=request.user, **facts)
    sheet = Sheet("目标", lists.HEADERS, list(lists.exported(nodes)))
    return workbook_response(workbook_of(sheet), f"目标 {timezone.localdate()}")


@require_http_methods(["GET", "HEAD", "POST"])
def set_for_unit(request, unit_id):
    unit = unit_for(request.user, unit_id, "goal.manage")
    return _set(request, unit, None, None)


@require_http_methods(["GET", "HEAD", "POST"])
def set_for_team(request, team_id):
    team = team_for(request.user, team_id, "goal.manage")
    return _set(request, team.unit, team, None)


@require_http_methods(["GET", "HEAD", "POST"])
def set_for_person(request, user_id):
    person = reach.person_to_set_for(request.user, user_id)
    unit = home_unit(person)
    if unit is None:
        raise PermissionDenied
    return _set(request, unit, None, person)


def _set(request, unit, team, user):
    form = _goal_form(request, Goal(unit=unit, team=team, user=user), initial=_asked(request.GET))
    owner = {"unit": unit, "team": team, "user": user}
    goal = made(form, goals.set_goal, form.content(), actor=request.user, **owner) if form.is_valid() else None
    if goal:
        messages.success(request, "目标已立。接着定措施：谁、做什么、什么时候完成。")
        return redirect("activities:goal", goal.pk)
    return render(request, "activities/goal_form.html", {"form": form, "owner": user or team or unit})


def _asked(query):
    """What an empty form shows first: this year, and what another page wrote into the address."""
    today = timezone.localdate()
    first = {"starts_on": today, "due_on": today.replace(month=12, day=31)}
    names = ("title", "figure", "measure", "measured_in", "target", "baseline")
    return first | {name: query[name][:100] for name in names if name in query}


def _goal_form(request, goal, **kwargs):
    """The form of a goal, stored or not, with the goals that it may support: also the one it supports, if that is over."""
    owner = (goal.unit, goal.team, goal.user)
    parents = (reach.parents_of(*owner) | Goal.objects.filter(pk=goal.parent_id)).exclude(pk=goal.pk)
    return GoalForm(request.POST or None, level=level_of(goal), parents=parents, owner=owner, **kwargs)


def _goal(user, pk):
    goal = lists.goal_for(user, pk)
    if goal is None:
        raise Http404
    return goal


def _kept(user, pk):
    goal = _goal(user, pk)
    if not reach.may_keep(user, goal):
        raise PermissionDenied
    return goal


@require_safe
def detail(request, goal_id):
    goal = _goal(request.user, goal_id)
    series = series_of([goal])[goal.pk]
    (node,) = lists.nodes_of(Goal.objects.filter(pk=goal.pk))
    children = reach.visible_to(request.user).filter(parent=goal).values("pk")
    context = {
        "goal": goal,
        "node": node,
        "chart": chart_of(goal, series),
        "series": series,
        "entries": goal.progress.select_related("entered_by").order_by("-date", "-id"),
        "children": lists.nodes_of(Goal.objects.filter(pk__in=children)),
        "figure": name_of(goal),
    }
    return render(request, "activities/goal.html", context | _steps(request, goal))


def _steps(request, goal):
    """The goal's measures, and the forms of what the person can do with it."""
    keeps = goal.state == Goal.State.OPEN and reach.may_keep(request.user, goal)
    measures = list(goal.measures.select_related("owner"))
    return {"keeps": keeps} | (_kept_forms(request, goal, measures) if keeps else _own_rows(request.user, measures))


def _own_rows(user, measures):
    """Measures for whoever does not keep the goal: the own ones can be finished."""
    rows = [(row, _late(row), _waits(row) and row.owner_id == user.pk, None) for row in measures]
    return {"measures": rows}


def _kept_forms(request, goal, measures):
    """Measures with the forms that move them, and the forms of the goal itself; the people to choose are read once."""
    people = reach.owners_for(goal)
    shown = {"people": people, "choices": list(MeasureForm(people=people).fields["owner"].choices)}
    return {
        "measures": [(row, _late(row), _waits(row), _move_form(row, shown)) for row in measures],
        "measure_form": MeasureForm(**shown, initial={"text": request.GET.get("measure", "")[:200]}),
        "progress_form": None if read_on(goal) or goal.starts_on > timezone.localdate() else ProgressForm(),
        "end_form": EndForm(),
    }


def _waits(measure):
    return measure.done_on is None and measure.goal.state == Goal.State.OPEN


def _late(measure):
    return max((timezone.localdate() - measure.due_on).days, 0) if _waits(measure) else 0


def _move_form(measure, shown):
    """The form that gives a measure to somebody else, while it waits."""
    first = {"owner": measure.owner_id, "due_on": measure.due_on}
    return MoveForm(**shown, initial=first, auto_id=f"move-{measure.pk}-%s") if _waits(measure) else None


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, goal_id):
    goal = _kept(request.user, goal_id)
    form = _goal_form(request, goal, initial=_typed(goal))
    if form.is_valid() and carried_out(form, lambda: goals.change(goal, form.content(), actor=request.user)):
        messages.success(request, "目标已改，原来的内容留在留痕里。")
        return redirect("activities:goal", goal.pk)
    owner = goal.user or goal.team or goal.unit
    return render(request, "activities/goal_form.html", {"form": form, "owner": owner, "goal": goal})


def _typed(goal):
    """What the form first shows of a stored goal."""
    names = ("title", "horizon", "figure", "measure", "measured_in", "lower_is_better", "starts_on", "due_on")
    stored = {name: getattr(goal, name) for name in names} | {"parent": goal.parent_id}
    baseline = "" if goal.baseline is None else short_text(goal.baseline)
    return stored | {"baseline": baseline, "target": short_text(goal.target)}


@require_POST
def progress(request, goal_id):
    return _do(request, _kept(request.user, goal_id), ProgressForm(request.POST), goals.enter_progress, "进展已登记。")


@require_POST
def end(request, goal_id):
    return _do(request, _kept(request.user, goal_id), EndForm(request.POST), goals.end, "目标已结束。")


@require_POST
def add_measure(request, goal_id):
    goal = _kept(request.user, goal_id)
    form = MeasureForm(request.POST, people=reach.owners_for(goal))
    return _do(request, goal, form, goals.add_measure, "措施已定。")


def _do(request, goal, form, service, done, subject=None):
    """Call a service about the goal, or about its `subject`, with what the form says."""
    back = ("activities:goal", [goal.pk])
    if not form.is_valid():
        return turned_back(request, form, back)
    return carry_out(request, done, back, service, subject or goal, **form.cleaned_data)


def _measure(user, pk):
    """The measure, if the person may see its goal."""
    measure = get_object_or_404(GoalMeasure.objects.select_related("owner"), pk=pk)
    measure.goal = _goal(user, measure.goal_id)
    return measure


@require_POST
def finish_measure(request, measure_id):
    measure = _measure(request.user, measure_id)
    if not reach.may_finish(request.user, measure):
        raise PermissionDenied
    back = ("activities:goal", [measure.goal_id])
    return carry_out_with_reason(request, "这条措施完成了。", back, goals.finish_measure, measure)


@require_POST
def move_measure(request, measure_id):
    measure = _measure(request.user, measure_id)
    if not reach.may_keep(request.user, measure.goal):
        raise PermissionDenied
    form = MoveForm(request.POST, people=reach.owners_for(measure.goal))
    return _do(request, measure.goal, form, goals.move_measure, "措施已改。", subject=measure)
