"""Studios for tests, made as people make them: a plant with a unit, a leader, members, and who runs and verifies."""

import datetime
import uuid

from django.utils import timezone

from activities.services import kinds
from assessments.models import Studio, StudioResult, StudioRule
from assessments.services import studio_money, studio_results, studios
from teams.models import Attachment
from tests import factories as make
from tests.recording import write

DAY = datetime.timedelta(days=1)
STUDIO_KIND = {
    "name": "工作室活动",
    "group": "saving",
    "recorders": ["worker", "leader"],
    "fields": [{"key": "topic", "label": "课题", "type": "text", "required": True}],
}


def photo(actor):
    """A stored photo without a file."""
    facts = {"file": "photos/proof.jpg", "sha256": "0" * 64, "content_type": "image/jpeg", "size": 1}
    return Attachment.objects.create(uploaded_by=actor, **facts)


def log_kind(unit, actor):
    """The kind of records that make up the log; made once for each plant."""
    from activities.models import ActivityKind

    known = ActivityKind.objects.filter(unit=unit, code="studio_activity").first()
    if known:
        return known
    kind = kinds.add(unit, actor=actor, **STUDIO_KIND)
    ActivityKind.objects.filter(pk=kind.pk).update(code="studio_activity")
    kind.refresh_from_db()
    return kind


class Scene:
    """Who deals with the studio, and the studio in each state. It is two years old."""

    def __init__(self):
        self.root = make.make_unit("本厂")
        self.unit = make.make_unit("检修部", self.root)
        self.team = make.make_team(self.unit, "一班")
        self.leader, self.mate, self.third = (make.make_member(self.team) for _ in range(3))
        self.union, self.manager = make.give_role(self.unit, "union"), make.give_role(self.unit, "manager")
        self.finance, self.auditor = make.give_role(self.unit, "finance"), make.give_role(self.unit, "auditor")
        self.stranger = make.give_role(make.make_unit("运行部", self.root), "manager")
        self.today = timezone.localdate()
        self.founded_on = self.today - 730 * DAY

    def growing(self, leader=None):
        facts = {"kind": "technique", "founded_on": self.founded_on, "actor": self.union}
        return studios.establish(self.unit, leader or self.leader, **facts)

    def result(self, studio, *, days=30, **changes):
        facts = {"kind": "project", "name": "阀门研磨机", "text": "三人一天变一人半天"} | {
            "date": self.today - days * DAY,
            "claimed": 500_000,
            "files": [photo(self.leader)],
            "actor": self.leader,
        }
        return studio_results.enter(studio, **facts | changes)

    def verified(self, studio, **changes):
        result = self.result(studio, **changes)
        studio_results.verify(result, result.claimed, actor=self.finance)
        return result

    def grant(self, studio, amount=1_000_000, **changes):
        return self.money(studio, "unit_grant", amount, actor=self.union, **changes)

    def money(self, studio, kind, amount, **changes):
        facts = {
            "date": self.today,
            "text": "年度拨款",
            "voucher": "工字1号",
            "source": uuid.uuid4(),
            "actor": self.leader,
        }
        return studio_money.enter(studio, kind=kind, amount=amount, **facts | changes)

    def log(self, studio, date, host=None):
        kind = log_kind(self.root, self.union)
        facts = {"date": date, "host": host or self.leader, "values": {"topic": "研磨"}, "title": "研磨机试验"}
        return write(kind, self.team, actor=self.leader, people=[self.leader], **facts)

    def whole(self):
        """A growing studio with all seven lit."""
        studio = self.growing()
        texts = {
            "kind": "technique",
            "aims": "攻关",
            "plan": "",
            "place": "综合楼 203",
            "area": 40,
            "equipment": "车床",
        }
        studios.describe(studio, plaque=photo(self.union), **texts, actor=self.leader)
        for person in (self.mate, self.third):
            studios.add_member(studio, person, skill="钳工", joined_on=self.founded_on, actor=self.leader)
        for kind in StudioRule.Kind.values:
            studios.set_rule(studio, kind, text="按章办", set_on=self.today, actor=self.leader)
        self.grant(studio)
        self.verified(studio)
        first = self.today.replace(day=1)
        for _ in range(3):
            first = (first - DAY).replace(day=1)
            self.log(studio, max(first, self.today - 92 * DAY))
        studio.refresh_from_db()
        return studio

    def mature(self):
        studio = self.whole()
        studios.mature(studio, "七有齐全", actor=self.union)
        return studio

    def named(self):
        studio = self.mature()
        studios.named(studio, "公司级，工发〔2026〕9 号", actor=self.union)
        return studio

    def rectifying(self, days=30):
        studio = self.named()
        studios.rectify(studio, self.today + days * DAY, "台账不全", actor=self.union)
        return studio

    def revoked(self):
        studio = self.growing()
        studios.revoke(studio, "不再办了", actor=self.union)
        return studio

    def in_state(self, state):
        return getattr(self, state)()


def idle(studio):
    """Let a studio have had no verified result for twelve months."""
    long_ago = timezone.localdate() - 400 * DAY
    StudioResult.objects.filter(studio=studio).update(date=long_ago)


def now(studio):
    """The studio as it is in the database."""
    return Studio.objects.select_related("unit", "leader").get(pk=studio.pk)
