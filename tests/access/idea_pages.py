"""The rows of the table about ideas, goals and tasks."""

from tests.access.page import LEADERS, MEMBERS, NEIGHBOUR, NOBODY, SIGNED_IN, TEAM, UNIT, Page

REVIEW, VERIFY = frozenset({"manager", "union"}), frozenset({"manager", "assessor", "finance"})
AUTHOR, OWNER = frozenset({"worker"}), frozenset({"clerk"})
SHARED = TEAM | NEIGHBOUR
"""What was adopted is also for the other teams of the unit."""
KEEP = LEADERS | {"manager"}
OWN = KEEP | {"worker"}
"""Who sees and keeps the worker's own goal."""
WHY = {"reason": "核对无误"}
IDEA = {
    "kind": "suggestion",
    "theme": "cost",
    "title": "旧阀门修复再用",
    "problem": "旧阀门都报废",
    "proposal": "研磨后再用",
}
PLAN = {"owner": "person", "due_on": "later"}
GOAL = {
    "horizon": "short",
    "title": "无违章",
    "measure": "违章",
    "target": "0",
    "starts_on": "today",
    "due_on": "later",
}

IDEA_PAGES = [
    Page("activities:ideas", get=SIGNED_IN),
    Page("activities:idea-export", post=SIGNED_IN),
    Page("activities:idea-submit", get=MEMBERS | NEIGHBOUR, post=MEMBERS | NEIGHBOUR, body=IDEA),
    Page("activities:idea-year", get=SIGNED_IN),
    Page("activities:idea-year-export", post=SIGNED_IN),
    Page("activities:idea", ("idea",), get=TEAM, sees=TEAM),
    Page("activities:idea", ("adopted_idea",), get=SHARED, sees=SHARED),
    Page("activities:idea-supplement", ("returned_idea",), get=AUTHOR, post=AUTHOR, sees=TEAM, body=IDEA),
    Page("activities:idea-adopt", ("idea",), post=REVIEW, sees=TEAM, body=PLAN),
    Page("activities:idea-reassign", ("adopted_idea",), post=REVIEW, sees=SHARED, body=PLAN),
    Page("activities:idea-verify", ("carried_idea",), post=VERIFY, sees=SHARED, body={"benefit": "12000"}),
    Page("activities:idea-step", ("idea", "withdraw"), post=AUTHOR, sees=TEAM, body=WHY),
    Page("activities:idea-step", ("idea", "return"), post=REVIEW, sees=TEAM, body=WHY),
    Page("activities:idea-step", ("idea", "refuse"), post=REVIEW, sees=TEAM, body=WHY),
    Page("activities:idea-step", ("adopted_idea", "carry-out"), post=OWNER, sees=SHARED, body=WHY),
    Page("activities:idea-step", ("carried_idea", "redo"), post=VERIFY, sees=SHARED, body=WHY),
    Page("activities:idea-step", ("carried_idea", "ineffective"), post=VERIFY, sees=SHARED, body=WHY),
    Page("activities:idea-step", ("idea", "undo"), post=NOBODY, sees=NOBODY),
    Page("activities:goals", get=SIGNED_IN),
    Page("activities:goal-export", post=SIGNED_IN),
    Page("activities:goal-unit", ("unit",), get={"manager"}, post={"manager"}, sees=UNIT, body=GOAL),
    Page("activities:goal-team", ("team",), get=KEEP, post=KEEP, sees=TEAM, body=GOAL),
    Page("activities:goal-person", ("person",), get=OWN, post=OWN, sees=TEAM, body=GOAL),
    Page("activities:goal", ("unit_goal",), get=SHARED, sees=SHARED),
    Page("activities:goal", ("goal",), get=TEAM, sees=TEAM),
    Page("activities:goal", ("own_goal",), get=OWN, sees=OWN),
    Page("activities:goal-edit", ("goal",), get=KEEP, post=KEEP, sees=TEAM, body=GOAL),
    Page("activities:goal-progress", ("goal",), post=KEEP, sees=TEAM, body={"date": "today", "value": "1"}),
    Page("activities:goal-end", ("goal",), post=KEEP, sees=TEAM, body={"state": "reached", "outcome": "无违章"}),
    Page("activities:goal-measure", ("goal",), post=KEEP, sees=TEAM, body=PLAN | {"text": "学规程"}),
    Page("activities:measure-done", ("measure",), post=OWN, sees=TEAM, body=WHY),
    Page("activities:measure-move", ("measure",), post=KEEP, sees=TEAM, body=PLAN),
    Page("assessments:target", ("team", "open"), get=TEAM, sees=TEAM),
    Page("assessments:target", ("team", "closed"), get=TEAM, sees=TEAM),
    Page("activities:tasks", get=SIGNED_IN),
    Page("activities:task-export", post=SIGNED_IN),
]
