"""What the demo plant's people say about their bonuses."""

from incentives.services import sign_offs

OBJECTION = "10 日夜班连上了两个班，工时只算了 8 小时，请核对。"


def all_sign(distribution):
    """Everybody agrees, each on the own phone."""
    for line in distribution.lines.select_related("user"):
        sign_offs.sign(distribution, agrees=True, actor=line.user)


def half_signed(distribution, demo):
    """The leader and some others agree, one of them on paper, one objects; the rest has not said anything."""
    people = [line.user for line in distribution.lines.select_related("user") if line.user != demo.leader]
    agree, objector, on_paper = people[:3], people[3], people[4]
    for user in (demo.leader, *agree):
        sign_offs.sign(distribution, agrees=True, actor=user)
    sign_offs.sign(distribution, agrees=False, reason=OBJECTION, actor=objector)
    sign_offs.keep_paper(distribution, on_paper, agrees=True, actor=demo.leader)
