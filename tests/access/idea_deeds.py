"""The deeds about ideas, goals and tasks."""

from tests.access.deed import Deed, reason
from tests.access.idea_pages import GOAL, IDEA, PLAN

IDEA_DEEDS = {
    "activities:idea-export": Deed("manager", "idea.exported"),
    "activities:idea-submit": Deed("worker", "idea.submitted", IDEA),
    "activities:idea-year-export": Deed("union", "idea.counted"),
    "activities:idea-supplement returned_idea": Deed("worker", "idea.supplemented", IDEA),
    "activities:idea-adopt idea": Deed("manager", "idea.adopted", PLAN),
    "activities:idea-reassign adopted_idea": Deed("union", "idea.reassigned", PLAN),
    "activities:idea-verify carried_idea": Deed(
        "assessor", "idea.verified", {"benefit": "12000", "text": "少用除盐水"}
    ),
    "activities:idea-step idea withdraw": Deed("worker", "idea.withdrawn", reason()),
    "activities:idea-step idea return": Deed("manager", "idea.returned", reason()),
    "activities:idea-step idea refuse": Deed("union", "idea.refused", reason()),
    "activities:idea-step adopted_idea carry-out": Deed("clerk", "idea.carried_out", reason()),
    "activities:idea-step carried_idea redo": Deed("finance", "idea.redone", reason()),
    "activities:idea-step carried_idea ineffective": Deed("assessor", "idea.found_ineffective", reason()),
    "activities:goal-export": Deed("leader", "goal.exported"),
    "activities:goal-unit": Deed("manager", "goal.set", GOAL),
    "activities:goal-team": Deed("deputy", "goal.set", GOAL),
    "activities:goal-person person": Deed("worker", "goal.set", GOAL),
    "activities:goal-edit goal": Deed("leader", "goal.changed", GOAL | {"target": "1"}),
    "activities:goal-progress goal": Deed("leader", "goal_progress.entered", {"date": "today", "value": "1"}),
    "activities:goal-end goal": Deed("manager", "goal.missed", {"state": "missed", "outcome": "有一次违章"}),
    "activities:goal-measure goal": Deed("leader", "goal_measure.added", PLAN | {"text": "学规程"}),
    "activities:measure-done measure": Deed("worker", "goal_measure.done", reason()),
    "activities:measure-move measure": Deed("deputy", "goal_measure.moved", PLAN),
    "activities:task-export": Deed("leader", "task.exported"),
}
