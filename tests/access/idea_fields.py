"""The fields of the forms about ideas and goals."""

from activities.models import Goal, GoalMeasure, GoalProgress, Idea
from tests.access.fields import Field, day, number, text, whole
from tests.access.idea_pages import GOAL, IDEA
from tests.access.world import value_of


def of_idea(name):
    def stored(w):
        return getattr(Idea.objects.latest("id"), name)

    return Field("worker", "activities:idea-submit", lambda w: [], lambda w: IDEA, lambda w: name, stored, text)


def of_adoption(name, column, meaning):
    def body(w):
        return {"owner": w.person.pk, "due_on": w.later}

    def stored(w):
        return getattr(Idea.objects.get(pk=w.idea.pk), column)

    return Field("manager", "activities:idea-adopt", lambda w: [w.idea.pk], body, lambda w: name, stored, meaning)


def of_goal(name, column, meaning):
    def body(w):
        return {key: value_of(w, value) for key, value in GOAL.items()}

    def stored(w):
        return getattr(Goal.objects.latest("id"), column)

    return Field("leader", "activities:goal-team", lambda w: [w.team.pk], body, lambda w: name, stored, meaning)


def of_row(page, model, body, name, meaning):
    def stored(w):
        return getattr(model.objects.latest("id"), name if name != "owner" else "owner_id")

    return Field("leader", page, lambda w: [w.goal.pk], body, lambda w: name, stored, meaning)


def progress(w):
    return {"date": w.today, "value": "1"}


def measure(w):
    return {"text": "学规程", "owner": w.person.pk, "due_on": w.later}


IDEA_FIELDS = {
    **{f"idea {name}": of_idea(name) for name in ("title", "problem", "proposal", "expected", "theme", "kind")},
    "idea owner": of_adoption("owner", "owner_id", whole),
    "idea day": of_adoption("due_on", "due_on", day),
    "goal title": of_goal("title", "title", text),
    "goal measure": of_goal("measure", "measure", text),
    "goal target": of_goal("target", "target", number),
    "goal baseline": of_goal("baseline", "baseline", number),
    "goal day": of_goal("due_on", "due_on", day),
    "goal parent": of_goal("parent", "parent_id", whole),
    "progress value": of_row("activities:goal-progress", GoalProgress, progress, "value", number),
    "progress note": of_row("activities:goal-progress", GoalProgress, progress, "note", text),
    "measure text": of_row("activities:goal-measure", GoalMeasure, measure, "text", text),
    "measure owner": of_row("activities:goal-measure", GoalMeasure, measure, "owner", whole),
}
