"""What the monthly cap of awards (每月加分上限) leaves of points that are given back, in words for whoever enters them."""

from assessments import scoring, selectors
from assessments.earned import earned_by, placed
from assessments.models import Finding, NotApplicable
from teams import periods
from teams.figures import short_text


def words_about(team, day):
    """What an award entered now for a day still adds to the team's score; "" where no standard holds in the month it counts in."""
    period = selectors.counting_month(team, day)
    version = selectors.version_for(team.unit, period)
    if version is None:
        return ""
    room = version.awards_cap - earned_in(team, period, selectors.yardstick_of(version))
    return _said(team, period, version, room)


def _said(team, period, version, room):
    own = f"点了名的照样算进本人的个人得分，最高 {short_text(version.member_max)} 分。"
    if not version.awards_cap:
        return f"补回的分算加分，现行标准每月加分上限是 0 分，所以不会提高班组得分；{own}"
    cap = f"{team}{periods.label(period)}的加分，上限 {short_text(version.awards_cap)} 分"
    if room > 0:
        return f"补回的分算加分：{cap}，还能算进 {short_text(room)} 分，超过的不提高班组得分；{own}"
    return f"补回的分算加分：{cap}，已经满了，再登记的不会提高班组得分，这个月关账以后登记的才算进下一个月；{own}"


def earned_in(team, period, yardstick):
    """The awards (hundredths) that the team's month has so far, as its score counts them."""
    rows = Finding.objects.valid().filter(team=team, period=period, points__gt=0)
    found = [*rows.values_list("criterion__code", "points"), *_of_activities(team, period, yardstick)]
    absent = set(NotApplicable.objects.filter(team=team, period=period).values_list("criterion__code", flat=True))
    return scoring.awards_in(yardstick, [(code, points) for code, points in found if code not in absent])


def _of_activities(team, period, yardstick):
    lines = earned_by([team.pk], period)[team.pk]
    return [(line["code"], line["points"]) for line in placed(lines, yardstick)]
