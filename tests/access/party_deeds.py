"""The deeds about Party building, the reserve of leaders and elections."""

from activities.models import Election
from activities.services import election_results, elections
from tests import electing
from tests.access.deed import Deed, reason
from tests.access.party_pages import CALL, CHECK, GROUP, NEW_RESERVE, POST, PUT_OFF


def no_election(world):
    election_results.cancel(world.election, "重来", actor=world.people["manager"])


def all_named(world):
    electing.stand(world.election, world.people["worker"], world.people["deputy"])
    electing.past(world.election, "nominate_until")


def voting(world):
    all_named(world)
    elections.open_voting(world.election, actor=world.people["manager"])
    world.election = Election.objects.get(pk=world.election.pk)


def all_voted(world):
    voting(world)
    for user in elections.electors(world.team):
        elections.vote(world.election, [world.candidate.pk], actor=user)


def counted(world):
    all_voted(world)
    elections.count(world.election, actor=world.people["manager"])


def notice_over(world):
    counted(world)
    election_results.post_result(world.election, 3, actor=world.people["manager"])
    electing.past(world.election, "notice_until")


PARTY_DEEDS = {
    "activities:party-liaisons": Deed(
        "party", "liaison.appointed", {"team": "team", "user": "committee", "started_on": "2026-10-08"}
    ),
    "activities:party-liaison-end liaison": Deed("party", "liaison.ended"),
    "activities:party-groups": Deed("party", "party_group.formed", GROUP),
    "activities:party-group party_group": Deed(
        "party", "party_group.joined", {"number": "U-comrade", "speciality": "汽机", "joined_on": "today"}
    ),
    "activities:party-group-lead party_group": Deed("party", "party_group.led", {"user": "fellow"}),
    "activities:party-group-end party_group": Deed("party", "party_group.ended"),
    "activities:party-group-leave group_member": Deed("party", "party_group.left"),
    "activities:party-posts": Deed("party", "party_post.set_up", POST),
    "activities:party-post-end party_post": Deed("party", "party_post.ended", {"outcome": "全年无渗漏"}),
    "activities:party-commitments this_year": Deed(
        "worker", "commitment.made", {"user": "person", "text": "带两名新员工"}
    ),
    "activities:party-commitment-check promise": Deed("party", "commitment.checked", CHECK),
    "activities:party-mechanisms this_year": Deed("party", "mechanism.installed", {"preset": "four_ones"}),
    "activities:party-mechanism mechanism": Deed(
        "party", "mechanism.stepped", {"item": "一值", "percent": "60", "text": "又做了一步"}
    ),
    "activities:party-mechanism-item mechanism": Deed("party", "mechanism.changed", {"name": "设备卫生", "aim": ""}),
    "activities:party-export": Deed("auditor", "party.exported"),
    "activities:reserve-export": Deed("union", "reserve.exported"),
    "activities:reserve-new": Deed("union", "reserve.listed", NEW_RESERVE),
    "activities:reserve-step reserve": Deed("leader", "reserve.stepped", {"stage": "listed", "text": "跟班一周"}),
    "activities:reserve-coach reserve": Deed("manager", "reserve.coached", {"coach": "comrade"}),
    "activities:election-call": Deed("union", "election.called", CALL, no_election),
    "activities:election-export election": Deed("union", "election.exported"),
    "activities:election-nominate election": Deed("deputy", "election.nominated", {"user": "comrade"}),
    "activities:election-answer candidate": Deed("worker", "election.accepted", {"stands": "yes"}),
    "activities:election-open election": Deed("union", "election.opened", before=all_named),
    "activities:election-vote election": Deed("safety", "election.voted", {"blank": "on"}, voting),
    "activities:election-count election": Deed("manager", "election.counted", before=all_voted),
    "activities:election-post election": Deed("manager", "board.published", {"days": "5"}, counted),
    "activities:election-appoint election": Deed("manager", "election.appointed", before=notice_over),
    "activities:election-cancel election": Deed("union", "election.cancelled", reason()),
    "activities:election-put-off election": Deed("manager", "election.put_off", PUT_OFF),
}
