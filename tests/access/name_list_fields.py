"""The fields of the forms about lists and challenges."""

from assessments.models import ApplicationStep, Challenge
from teams.models import AuditEntry
from tests.access.fields import Field, text
from tests.access.name_list_pages import DOUBT, VERDICT


def reached_step(w):
    return ApplicationStep.objects.latest("id").text


NAME_LIST_FIELDS = {
    "list reason": Field(
        "union",
        "assessments:name-list",
        lambda w: [w.judged_round.pk],
        lambda w: {"do": "pass_over", "chosen": [w.judged_best.pk]},
        lambda w: "reason",
        reached_step,
        text,
    ),
    "list struck off": Field(
        "union",
        "assessments:name-list-strike-off",
        lambda w: [w.listed_round.pk],
        lambda w: {"application": w.listed_best.pk},
        lambda w: "reason",
        reached_step,
        text,
    ),
    "list reopened": Field(
        "union",
        "assessments:name-list-reopen",
        lambda w: [w.listed_round.pk],
        lambda w: {},
        lambda w: "reason",
        lambda w: AuditEntry.objects.filter(verb="round.reopened").latest("id").after["reason"],
        text,
    ),
    "challenge text": Field(
        "clerk",
        "assessments:challenge-new",
        lambda w: [w.posted_best.pk],
        lambda w: DOUBT,
        lambda w: "text",
        lambda w: Challenge.objects.latest("id").text,
        text,
    ),
    "challenge answer": Field(
        "union",
        "assessments:challenge-answer",
        lambda w: [w.challenge.pk],
        lambda w: VERDICT,
        lambda w: "answer",
        lambda w: Challenge.objects.get(pk=w.challenge.pk).answer,
        text,
    ),
}
