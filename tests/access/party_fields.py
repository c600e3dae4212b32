"""The fields of the forms about Party building, the reserve of leaders and elections."""

from activities.models import (
    Commitment,
    CommitmentCheck,
    Election,
    Liaison,
    Mechanism,
    MechanismStep,
    PartyGroup,
    PartyGroupMember,
    PartyPost,
    Reserve,
    ReserveStep,
)
from tests.access.fields import Field, day, text, whole
from tests.access.party_deeds import no_election
from tests.access.party_pages import CALL, CHECK, GROUP, NEW_RESERVE, POST, PUT_OFF
from tests.access.world import value_of


def latest(model, column):
    return lambda w: getattr(model.objects.latest("id"), column)


def field(who, page, args, body, name, stored, meaning=text):
    """A field of a form whose body and address are words of the world."""

    def filled(w):
        return {key: value_of(w, value) for key, value in body.items()}

    return Field(
        who, f"activities:{page}", lambda w: [value_of(w, arg) for arg in args], filled, lambda w: name, stored, meaning
    )


def touch(name, column, meaning):
    body = {"team": "team", "user": "committee", "started_on": "today"}
    return field("party", "party-liaisons", ["unit"], body, name, latest(Liaison, column), meaning)


def group(name, column, meaning=text):
    return field("party", "party-groups", ["unit"], GROUP, name, latest(PartyGroup, column), meaning)


def join(name, column, meaning=text):
    body = {"number": "U-comrade", "speciality": "汽机", "joined_on": "today"}
    return field("party", "party-group", ["party_group"], body, name, latest(PartyGroupMember, column), meaning)


def post(name, column, meaning=text):
    return field("party", "party-posts", ["unit"], POST, name, latest(PartyPost, column), meaning)


def checked(name):
    meaning = whole if name == "quarter" else text
    return field("party", "party-commitment-check", ["promise"], CHECK, name, latest(CommitmentCheck, name), meaning)


def stepped(name, meaning=text):
    body = {"item": "一值", "percent": "60", "text": "又做了一步"}
    return field("party", "party-mechanism", ["mechanism"], body, name, latest(MechanismStep, name), meaning)


def added(name):
    def stored(w):
        return Mechanism.objects.get(pk=w.mechanism.pk).items[-1][name]

    body = {"name": "设备卫生", "aim": ""}
    return field("party", "party-mechanism-item", ["mechanism"], body, name, stored)


def own_mechanism(name, stored, meaning=text):
    body = {"preset": "own", "name": "三比三看", "items": "比安全：零违章"}
    return field("party", "party-mechanisms", ["unit", "this_year"], body, name, stored, meaning)


def enlisted(name, stored, meaning):
    return field("union", "reserve-new", ["unit"], NEW_RESERVE, name, stored, meaning)


def reserve_step(name):
    return field(
        "union", "reserve-step", ["reserve"], {"stage": "training", "text": "跟班"}, name, latest(ReserveStep, name)
    )


def called(name, meaning):
    """The unit has no other election under way."""

    def address(w):
        no_election(w)
        return []

    def body(w):
        return {key: value_of(w, value) for key, value in CALL.items()}

    page = ("union", "activities:election-call", address, body)
    return Field(*page, lambda w: name, latest(Election, name if name != "team" else "team_id"), meaning)


def of_election(name, page, body, column, meaning=text, who="union"):
    def stored(w):
        return getattr(Election.objects.get(pk=w.election.pk), column)

    return field(who, page, ["election"], body, name, stored, meaning)


PARTY_FIELDS = {
    "liaison team": touch("team", "team_id", whole),
    "liaison person": touch("user", "user_id", whole),
    "liaison day": touch("started_on", "started_on", day),
    "group name": group("name", "name"),
    "group leader": group("leader", "leader_id", whole),
    "group day": group("formed_on", "formed_on", day),
    "joined number": field(
        "party",
        "party-group",
        ["party_group"],
        {"speciality": "汽机", "joined_on": "today"},
        "number",
        lambda w: PartyGroupMember.objects.latest("id").user.employee_no,
    ),
    "joined speciality": join("speciality", "speciality"),
    "joined day": join("joined_on", "joined_on", day),
    "post kind": post("kind", "kind"),
    "post name": post("name", "name"),
    "post duties": post("duties", "duties"),
    "post person": post("user", "user_id", whole),
    "post day": post("started_on", "started_on", day),
    "post outcome": field(
        "party",
        "party-post-end",
        ["party_post"],
        {},
        "outcome",
        lambda w: PartyPost.objects.get(pk=w.party_post.pk).outcome,
    ),
    "promise": field(
        "worker",
        "party-commitments",
        ["unit", "this_year"],
        {"user": "person"},
        "text",
        latest(Commitment, "text"),
    ),
    "promise quarter": checked("quarter"),
    "promise result": checked("result"),
    "promise note": checked("note"),
    "mechanism item": stepped("item"),
    "mechanism percent": stepped("percent", whole),
    "mechanism words": stepped("text"),
    "mechanism new item": added("name"),
    "mechanism new aim": added("aim"),
    "mechanism name": own_mechanism("name", latest(Mechanism, "name")),
    "reserve person": enlisted("user", latest(Reserve, "user_id"), whole),
    "reserve day": enlisted("listed_on", latest(Reserve, "listed_on"), day),
    "reserve reason": enlisted("text", latest(ReserveStep, "text"), text),
    "reserve stage": reserve_step("stage"),
    "reserve words": reserve_step("text"),
    "election team": called("team", whole),
    "election post": called("post", text),
    "election posts": called("posts", whole),
    "election term": called("term_months", whole),
    "election nominations": called("nominate_until", day),
    "election vote": called("vote_until", day),
    "election cancelled": of_election("reason", "election-cancel", {}, "reason"),
    "election put off": of_election("vote_until", "election-put-off", PUT_OFF, "vote_until", day, "manager"),
    "election nominated": field(
        "deputy",
        "election-nominate",
        ["election"],
        {},
        "user",
        lambda w: w.election.candidates.latest("id").user_id,
        whole,
    ),
}
