"""Whatever is filed, taken back, entered anew and sent back: an item never costs a team more than it holds."""

import datetime
from contextlib import suppress

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import results, selectors
from assessments.errors import AssessmentError
from assessments.models import Criterion, Finding
from assessments.services import checks, rectifications, standards
from assessments.services.checks import Deviation
from teams.errors import TeamError
from tests import factories as make
from tests.factories import PERIOD, STANDARD
from tests.frozen import inputs_of

pytestmark = pytest.mark.django_db
CODES = ["1.1", "1.2", "2.1", "2.2", "2.3"]

filing = st.tuples(st.just("file"), st.sampled_from(CODES), st.integers(-10_500, 100))
taking_back = st.tuples(st.sampled_from(["void", "void sheet", "enter anew", "send back"]), st.integers(0, 20))
sequences = st.lists(filing | taking_back, max_size=12)


class Month:
    """A team's month to which a sequence of deeds is done; deeds that the product refuses leave it as it is."""

    def __init__(self):
        unit = make.make_unit()
        version = standards.create_version(unit, STANDARD, actor=None)
        for code, method in (("1.2", "yes_no"), ("2.1", "score")):
            Criterion.objects.filter(version=version, code=code).update(method=method)
        standards.put_in_force(version, 202601, actor=None)
        self.team, self.version, self.sheets = make.make_team(unit), version, 0
        self.member = make.make_member(self.team)

    def file(self, code, points):
        self.sheets += 1
        day = datetime.date(2026, 10, 1 + self.sheets % 28)
        deviations = [Deviation(self.version.criteria.get(code=code), points)]
        key = f"sequence {self.sheets}"
        checks.file_check(self.team, kind="spot", date=day, deviations=deviations, key=key, actor=None)

    def carry_out(self, deed, which, points=0):
        if deed == "file":
            return self.file(which, points)
        found = list(Finding.objects.filter(team=self.team))
        finding = found[which % len(found)] if found else None
        return finding and getattr(self, deed.replace(" ", "_"))(finding)

    def void(self, finding):
        checks.void_finding(finding, "记错了", actor=None)

    def void_sheet(self, finding):
        checks.void_check(finding.on_sheet, "填错了", actor=None)

    def enter_anew(self, finding):
        self.void(finding)
        self.file(finding.criterion.code, finding.points)

    def send_back(self, finding):
        case = finding.rectification
        rectifications.assign(case, self.member, note="", due_on=timezone.localdate(), actor=None)
        case.refresh_from_db()
        rectifications.report(case, "已经改好", photos=[], actor=None)
        case.refresh_from_db()
        rectifications.refuse(case, "没有改好", actor=None)

    def lost(self):
        """What each item lost: by the score, and by the valid findings as they stand."""
        version = selectors.version_for(self.team.unit, PERIOD)
        (scored,) = dict(results.score_teams(inputs_of(self.team.unit, PERIOD, version))).values()
        return scored


@pytest.fixture
def month():
    return Month()


@given(sequences)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_sequence_costs_an_item_more_than_it_holds(month, sequence):
    with transaction.atomic():
        for deed in sequence:
            with suppress(TeamError), transaction.atomic():
                month.carry_out(*deed)
        scored, most = month.lost(), dict(month.version.criteria.values_list("code", "points"))
        valid = set(Finding.objects.valid().filter(team=month.team).values_list("criterion__code", flat=True))
        assert set(scored.lost) == valid
        assert all(0 < points <= most[code] for code, points in scored.lost.items())
        assert 0 <= scored.score <= 10_000
        transaction.set_rollback(True)


def test_control_the_deeds_do_what_their_names_say(month):
    month.file("1.1", -9_000)
    assert month.lost().lost == {"1.1": 300}
    month.carry_out("enter anew", 0)
    month.carry_out("send back", 1)
    assert (month.lost().lost, Finding.objects.count()) == ({"1.1": 300}, 2)
    month.carry_out("void", 1)
    assert month.lost().lost == {}
    with pytest.raises(AssessmentError):
        month.carry_out("file", "1.1", 0)
