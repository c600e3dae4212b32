"""The fields of the forms about learning."""

from activities.models import Contest, Entrant, Mentorship, PracticeCard, StudyItem, Vision, VisionReview
from tests.access.fields import Field, day, number, text, whole
from tests.access.learning_pages import ITEM
from tests.activities.learning import CONTEST, DAY, today


def latest(model, column):
    return lambda w: getattr(model.objects.latest("id"), column)


def field(who, page, args, body, name, stored, meaning):
    return Field(who, f"activities:{page}", args, body, lambda w: name, stored, meaning)


def soon():
    return today() + 30 * DAY


def item_field(name, meaning):
    def body(w):
        return ITEM | {"due_on": soon()}

    return field("worker", "study-item-add", lambda w: [], body, name, latest(StudyItem, name), meaning)


def agreement_field(name, column, meaning):
    def body(w):
        people = {"apprentice": w.apprentice.pk, "mentor": w.person.pk}
        return people | {"aims": "会独立巡检", "starts_on": today(), "ends_on": soon()}

    return field("leader", "mentorship-propose", lambda w: [w.team.pk], body, name, latest(Mentorship, column), meaning)


def exam_field(name, column, meaning):
    def body(w):
        return {"exam_on": today(), "score": "90", "passed": "yes", "outcome": ""}

    def stored(w):
        return getattr(Mentorship.objects.get(pk=w.running_mentorship.pk), column)

    return field("leader", "mentorship-examine", lambda w: [w.running_mentorship.pk], body, name, stored, meaning)


def card_field(name, column, meaning):
    def body(w):
        return {"unit": w.unit.pk, "trade": "", "question": "为什么要疏水？", "answer": "防止水击。"}

    return field("leader", "practice-write", lambda w: [], body, name, latest(PracticeCard, column), meaning)


def contest_field(name, column, meaning):
    def body(w):
        return CONTEST | {"unit": w.unit.pk, "starts_on": today(), "ends_on": soon()}

    return field("union", "contest-create", lambda w: [], body, name, latest(Contest, column), meaning)


def review_field(name, stored, meaning):
    def body(w):
        return {"text": "进步快", "review_on": soon()}

    return field("leader", "vision-review", lambda w: [w.vision.pk], body, name, stored, meaning)


def score_name(w):
    return f"s-{w.running_contest.entrants.first().pk}"


def score(w):
    return w.running_contest.entrants.first().score


def entered(w):
    return Entrant.objects.filter(contest=w.contest).latest("id").user_id


LEARNING_FIELDS = {
    "own vision": field(
        "clerk",
        "own-vision",
        lambda w: [],
        lambda w: {"review_on": soon()},
        "statement",
        latest(Vision, "statement"),
        text,
    ),
    "study item": item_field("text", text),
    "study way": item_field("how", text),
    "study day": item_field("due_on", day),
    "review words": review_field("text", latest(VisionReview, "text"), text),
    "review day": review_field("review_on", lambda w: Vision.objects.get(pk=w.vision.pk).review_on, day),
    "apprentice": agreement_field("apprentice", "apprentice_id", whole),
    "mentor": agreement_field("mentor", "mentor_id", whole),
    "aims": agreement_field("aims", "aims", text),
    "agreement end": agreement_field("ends_on", "ends_on", day),
    "exam day": exam_field("exam_on", "exam_on", day),
    "exam score": exam_field("score", "exam_score", number),
    "exam words": exam_field("outcome", "outcome", text),
    "card trade": card_field("trade", "trade", text),
    "card question": card_field("question", "question", text),
    "card answer": card_field("answer", "answer", text),
    "card unit": card_field("unit", "unit_id", whole),
    "contest name": contest_field("name", "name", text),
    "contest rules": contest_field("rules", "rules", text),
    "contest measure": contest_field("measured_in", "measured_in", text),
    "contest end": contest_field("ends_on", "ends_on", day),
    "contest score": Field(
        "union", "activities:contest-scores", lambda w: [w.running_contest.pk], lambda w: {}, score_name, score, number
    ),
    "contest entrant": field(
        "union", "contest-enter", lambda w: [w.contest.pk], lambda w: {}, "holders", entered, whole
    ),
}
