"""What the teams wrote down in the running month: meetings, safety days, a vote, a talk in confidence, drills, things repaired."""

import datetime
import uuid

from django.utils import timezone

from activities.models import Activity, ActivityKind, Duty, Participant
from activities.services import activities, follow_ups, kinds
from activities.services.activities import Content
from teamhub.demo.photos import photo
from teams import periods
from teams.models import Membership, Watch

DAY = datetime.timedelta(days=1)
SUPPORTED = {
    "political_study": "1.1",
    "party_lesson": "1.3",
    "safety_lesson": "1.3",
    "democratic": "1.7",
    "pre_shift": "2.1",
    "post_shift": "2.1",
    "hazard_hunt": "2.2",
    "drill": "2.7",
    "safety_day": "2.8",
    "sixs": "2.10",
    "repair": "4.3",
    "maintenance": "5.1",
    "defect": "5.2",
}
"""For which line of the plant's standard a kind of record stands as evidence."""
REPAIRED = 50
"""What a thing repaired earns its team, in hundredths of a point."""
MISSED = 0.04
"""How often a meeting before the shift was forgotten."""
TASKS = ["巡检 1、2 号机组，复查昨晚缺陷", "配合检修做好隔离措施", "设备定期切换和试验", "卫生区清扫，备件清点"]
RISKS = [
    "高处作业系好安全带，专人监护",
    "现场地面湿滑，慢走防滑倒",
    "高温管道附近防烫伤，戴好手套",
    "转动设备旁不戴线手套，袖口扎紧",
]
LESSONS = ["皮带伤人事故通报", "动火作业票执行要点", "有限空间作业事例", "防误操作：唱票复诵"]
HAZARDS = ["3 号皮带尾部护栏松动，已报缺陷", "配电间通道堆放杂物，当天清走", "无", "灭火器压力偏低一只，已更换"]


def add(plant, months, today):
    """Install the shipped kinds at the plant and write the team life of the running month up to today."""
    kinds.install_presets(plant.root, actor=plant.holders["admin"])
    found = {kind.code: kind for kind in ActivityKind.objects.filter(unit=plant.root)}
    for code, criterion in SUPPORTED.items():
        found[code].criterion = criterion
    found["repair"].points = REPAIRED
    ActivityKind.objects.bulk_update(found.values(), ["criterion", "points"])
    start = periods.first_day(periods.period_of(today))
    for name, month in months.items():
        diary = Diary(found, month, start, today)
        diary.before_shifts(left=name == plant.teams[0].team.name)
        diary.weeks()
        diary.meetings()
    first, second = (Diary(found, months[plant.teams[number].team.name], start, today) for number in (0, 1))
    first.talk()
    first.drill()
    first.repair("给煤机密封圈", 38000)
    first.draft()
    second.repair("阀门手轮", 12500)
    second.sharing(70, "锅炉燃烧调整经验")
    first.sharing(20, "磨煤机断煤的处理")


class Diary:
    """The records of one team; what was done on a day was written down that evening."""

    def __init__(self, found, month, start, today):
        self.kinds, self.month, self.start, self.today = found, month, start, today
        self.team, self.rng = month.demo.team, month.rng
        self.members = [row.user for row in Membership.objects.open().filter(team=self.team).select_related("user")]
        self.writer = month.demo.leader

    def before_shifts(self, *, left):
        """A meeting before every shift on which somebody was there, but for a few; today's is `left` to do or not."""
        for day in self.month.days:
            there = self.month.at_work(day)
            if there and not (left and day == self.today) and self.rng.random() >= MISSED:
                for shift in self._shifts(day):
                    self._before_shift(day, shift, there)

    def _shifts(self, day):
        planned = Watch.objects.filter(team=self.team, date=day).values_list("shift", flat=True)
        return list(planned) or [self.month.shift(day) or ""]

    def _before_shift(self, day, shift, there):
        values = {"tasks": self.rng.choice(TASKS), "risks": self.rng.choice(RISKS), "mood": "状态都好", "gear": True}
        self.write("pre_shift", day, shift=shift, values=values, people=there, hour=8)

    def weeks(self):
        """The safety day of each week that is over."""
        picture = photo(self.month, self.writer)
        monday = self.start - self.start.weekday() * DAY
        while (day := max(monday + 4 * DAY, self.start)) <= self.today:
            topic = self.rng.choice(LESSONS)
            values = {
                "topic": topic,
                "discussion": "大家对照岗位找差距，逐人发言。",
                "hazards": self.rng.choice(HAZARDS),
            }
            self.write("safety_day", day, title=topic, values=values, photos=[picture])
            monday += 7 * DAY

    def meetings(self):
        """The meeting of the month with something to do, and a vote."""
        owner = self.members[1]
        todo = [{"text": "把 2 号给煤机异响的处理写成一页经验", "owner": owner, "due_on": self.today + 5 * DAY}]
        if self.team.position == 1:
            todo.append({"text": "补齐急救箱药品", "owner": self.writer, "due_on": self.today + 2 * DAY})
        review = {
            "review": "任务全部完成，得分比上月高。",
            "problems": "夜班巡检记录不细。",
            "plan": "迎峰度冬设备检查。",
        }
        done = self.write("monthly_meeting", self._day(2), values=review, follow_ups=todo)
        if self.team.position == 2 and done:
            follow_ups.finish(done.follow_ups.get(), "已写好，放进经验库。", actor=owner)
        count = len(self.members)
        votes = {
            "topic": "本月奖金分配办法",
            "agreed": count - 1,
            "opposed": 0,
            "abstained": 1,
            "text": "按现行办法执行",
        }
        self.write("democratic", self._day(4), values={"topics": "奖金分配办法、班组费用"}, resolutions=[votes])

    def talk(self):
        """In confidence: only these two see it."""
        person = self.members[5]
        values = {"topic": "家里老人住院，最近休息不好。", "follow": "下周帮着调一个夜班。"}
        people = {person: Participant.Part.SUBJECT}
        self.write("heart_talk", self._day(6), title="和组员谈心", values=values, people=people)

    def drill(self):
        values = {
            "card": "厂用电失电",
            "first": 45,
            "second": 80,
            "third": 120,
            "total": 245,
            "review": "第二步口令可以再短。",
        }
        picture = photo(self.month, self.writer)
        self.write("drill", self._day(9), title="厂用电失电应急演练", values=values, photos=[picture])

    def repair(self, part, saved):
        values = {"part": part, "method": "更换密封面，研磨后复用。", "saved": saved}
        picture = photo(self.month, self.writer)
        self.write(
            "repair", self._day(7), title=f"修复{part}", values=values, photos=[picture], people=self.members[1:3]
        )

    def draft(self):
        values = {"topic": "冬季防冻防滑"}
        self.write("safety_day", self.today, title="冬季防冻防滑（草稿）", values=values, as_draft=True)

    def sharing(self, days_ago, topic):
        """A team hosts; two of it speak."""
        values = {
            "topic": topic,
            "speakers": [user.pk for user in self.members[1:3]],
            "gains": "现场演示，大家动手试了一遍。",
        }
        self.write("quarterly_sharing", self.today - days_ago * DAY, title=topic, values=values)

    def _day(self, number):
        return min(self.start + number * DAY, self.today)

    def write(self, code, day, *, hour=17, people=None, as_draft=False, title="", **facts):
        """Keep a record as its form would, and date its entry to the evening of its day."""
        kind, people = self.kinds[code], self.members if people is None else people
        if not isinstance(people, dict):
            people = dict.fromkeys(people, Participant.Part.MEMBER)
        content = Content(
            title=title or kind.name, date=day, people=people, hours=kind.hours, host=self.writer, **facts
        )
        place = {"unit": self.team.unit, "team": self.team, "actor": self.writer, "source": uuid.uuid4()}
        activity = activities.record(kind, content, **place, as_draft=as_draft)
        self._date(activity, hour)
        return activity

    def _date(self, activity, hour):
        moment = timezone.make_aware(datetime.datetime.combine(activity.date, datetime.time(hour)))
        moment = min(moment, timezone.now())
        Activity.objects.filter(pk=activity.pk).update(entered_at=moment)
        done = Duty.objects.filter(kind=f"activity:{activity.kind_id}", team=self.team, done_at__isnull=False)
        done.filter(opens_on__lte=activity.date, due_on__gte=activity.date).update(done_at=moment)
