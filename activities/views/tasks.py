"""The task board: what who still has to do by when."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from activities.forms.goals import TaskFilterForm
from activities.goals import tasks
from teams import audit
from teams.access import home_unit
from teams.actions import first_errors
from teams.downloads import Sheet, workbook_of, workbook_response
from teams.selectors import page_of


def _listed(user, data):
    form = TaskFilterForm(data, teams=tasks.teams_for(user))
    return tasks.open_tasks(user, **form.cleaned_data) if form.is_valid() else [], form


@require_safe
def board(request):
    rows, form = _listed(request.user, request.GET)
    team = form.cleaned_data.get("team") if form.is_valid() else None
    context = {
        "page": page_of(rows, request),
        "late": sum(row.late > 0 for row in rows),
        "form": form,
        "errors": first_errors(form),
        "is_narrowed": any(form.data.get(name) for name in form.fields),
        "team": team,
        "idle": tasks.idle_members(team, tasks.open_tasks(request.user, team=team)) if team else [],
    }
    return render(request, "activities/task_board.html", context)


@require_POST
def export(request):
    rows, _ = _listed(request.user, request.POST)
    facts = {"unit": home_unit(request.user), "after": {"rows": len(rows)}}
    audit.record("task.exported", request.user, actor=request.user, **facts)
    sheet = Sheet("任务", tasks.HEADERS, list(tasks.exported(rows)))
    return workbook_response(workbook_of(sheet), f"任务清单 {timezone.localdate()}")
