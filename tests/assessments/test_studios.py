"""Studios: founded under their leader's name, members and rules with their history, and a life along the declared table."""

import itertools

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.honours import studio_lists
from assessments.honours.studio_moves import ALIVE, CLOCK, MOVES, ROUND, RUNNER, WITH_REASON, allowed, open_to
from assessments.honours.studio_news import waiting_for
from assessments.models import Programme, Studio, StudioResult, StudioStep, Title
from assessments.services import studio_checks, studio_results, studios
from assessments.tasks import check_studios
from teams.errors import TeamError
from teams.models import AuditEntry, Membership, User
from tests import factories as make
from tests.studios import DAY, Scene, idle, now, photo

pytestmark = pytest.mark.django_db

State = Studio.State


@pytest.fixture
def scene():
    return Scene()


def trail(*verbs):
    return list(AuditEntry.objects.filter(verb__in=verbs).order_by("id").values_list("verb", flat=True))


# -- Founding, describing, members, rules ------------------------------------------------------------------------------


def test_a_studio_bears_the_name_of_its_leader_who_is_its_first_member(scene):
    studio = scene.growing()
    assert studio.name == f"{scene.leader.name}创新工作室"
    assert [row.user for row in studio.members.all()] == [scene.leader]
    assert [step.state for step in studio.steps.all()] == ["growing"]
    assert trail("studio.founded") == ["studio.founded"]


def test_a_leader_has_one_studio_and_a_unit_no_two_of_one_name(scene):
    studio = scene.growing()
    with pytest.raises(AssessmentError, match="已经领着"):
        scene.growing()
    facts = {"kind": "service", "founded_on": scene.today, "actor": scene.union}
    with pytest.raises(AssessmentError, match="同名"):
        studios.establish(scene.unit, scene.mate, name=studio.name, **facts)
    assert Studio.objects.count() == 1


def test_nobody_founds_the_own_studio_and_none_begins_tomorrow(scene):
    facts = {"kind": "service", "actor": scene.union}
    with pytest.raises(AssessmentError, match="别人来登记"):
        studios.establish(scene.unit, scene.union, founded_on=scene.today, **facts)
    with pytest.raises(AssessmentError, match="还没到"):
        studios.establish(scene.unit, scene.mate, founded_on=scene.today + DAY, **facts)


def test_describing_twice_the_same_is_refused(scene):
    studio = scene.growing()
    studios.describe(studio, place="203", plaque=photo(scene.union), actor=scene.leader)
    with pytest.raises(AssessmentError, match="没有变"):
        studios.describe(now(studio), place="203", actor=scene.leader)
    assert now(studio).plaque
    assert trail("studio.described") == ["studio.described"]


def test_members_come_and_go_and_stay_in_the_history(scene):
    studio = scene.growing()
    member = studios.add_member(studio, scene.mate, skill="焊工", joined_on=scene.today, actor=scene.leader)
    with pytest.raises(AssessmentError, match="已经在工作室"):
        studios.add_member(studio, scene.mate, skill="", joined_on=scene.today, actor=scene.leader)
    studios.end_membership(member, scene.today, actor=scene.leader)
    with pytest.raises(StaleState):
        studios.end_membership(member, scene.today, actor=scene.leader)
    studios.add_member(studio, scene.mate, skill="焊工", joined_on=scene.today, actor=scene.leader)
    assert studio.members.filter(user=scene.mate).count() == 2
    assert trail("studio_member.joined", "studio_member.left") == [
        "studio_member.joined",
        "studio_member.left",
        "studio_member.joined",
    ]


def test_the_leader_does_not_leave_as_a_member_and_nobody_before_coming(scene):
    studio = scene.growing()
    with pytest.raises(AssessmentError, match="先换领军人"):
        studios.end_membership(studio.members.get(), scene.today, actor=scene.union)
    with pytest.raises(AssessmentError, match="才成立"):
        studios.add_member(studio, scene.mate, skill="", joined_on=scene.founded_on - DAY, actor=scene.union)
    member = studios.add_member(studio, scene.mate, skill="", joined_on=scene.today, actor=scene.union)
    with pytest.raises(AssessmentError, match="才加入"):
        studios.end_membership(member, scene.today - DAY, actor=scene.union)


def test_a_newer_rule_replaces_and_the_older_stays_readable(scene):
    studio = scene.growing()
    for days, text in ((10, "旧"), (0, "新")):
        studios.set_rule(studio, "study", text=text, set_on=scene.today - days * DAY, actor=scene.leader)
    found = {kind: (rule.text, older) for kind, _, rule, older in studio_lists.rules_of(studio) if rule}
    assert found == {"study": ("新", 1)}
    with pytest.raises(AssessmentError, match="不能更早"):
        studios.set_rule(studio, "study", text="更旧", set_on=scene.today - DAY, actor=scene.leader)
    with pytest.raises(AssessmentError, match="写制度内容"):
        studios.set_rule(studio, "aims", text="", set_on=scene.today, actor=scene.leader)


def test_nothing_is_written_about_a_revoked_studio(scene):
    studio = scene.revoked()
    for deed in (
        lambda: studios.describe(studio, place="203", actor=scene.union),
        lambda: studios.add_member(studio, scene.mate, skill="", joined_on=scene.today, actor=scene.union),
        lambda: studios.set_rule(studio, "aims", text="x", set_on=scene.today, actor=scene.union),
        lambda: scene.result(studio),
        lambda: scene.grant(studio),
    ):
        with pytest.raises(StaleState, match="已经撤销"):
            deed()


# -- The log -----------------------------------------------------------------------------------------------------------


def test_the_log_holds_what_a_member_hosted_while_being_a_member(scene):
    studio = scene.growing()
    member = studios.add_member(studio, scene.mate, skill="", joined_on=scene.today - 20 * DAY, actor=scene.union)
    own = scene.log(studio, scene.today - 3 * DAY)
    late = scene.log(studio, scene.today - 8 * DAY, host=scene.mate)
    scene.log(studio, scene.today - 21 * DAY, host=scene.mate)
    scene.log(studio, scene.today, host=scene.third)
    studios.end_membership(member, scene.today - 2 * DAY, actor=scene.union)
    scene.log(studio, scene.today - DAY, host=scene.mate)
    assert [(row.pk, row.is_late) for row in studio_lists.log_of(studio)] == [(own.pk, False), (late.pk, True)]
    assert studio_lists.log_seen(scene.stranger, studio) == []
    assert len(studio_lists.log_seen(scene.leader, studio)) == 2


# -- Results -----------------------------------------------------------------------------------------------------------


def test_a_result_needs_a_proof(scene):
    studio = scene.growing()
    with pytest.raises(AssessmentError, match="没有证明"):
        scene.result(studio, files=[])
    assert scene.result(studio, files=[], activity=scene.log(studio, scene.today)).activity
    with pytest.raises(AssessmentError, match="培训人数"):
        scene.result(studio, kind="training")


def test_a_result_is_verified_once_by_somebody_apart(scene):
    studio = scene.growing()
    result = scene.result(studio)
    with pytest.raises(AssessmentError, match="请别人核实"):
        studio_results.verify(result, 1, "x", actor=scene.leader)
    with pytest.raises(AssessmentError, match="写明原因"):
        studio_results.verify(result, 100, actor=scene.finance)
    with pytest.raises(AssessmentError, match="不能超过申报"):
        studio_results.verify(result, 500_001, actor=scene.finance)
    studio_results.verify(result, 300_000, "按实际工时算", actor=scene.finance)
    with pytest.raises(StaleState):
        studio_results.refuse(result, "重复", actor=scene.manager)
    assert (result.state, result.benefit, result.verified_by) == ("verified", 300_000, scene.finance)
    assert trail("studio_result.entered", "studio_result.verified", "studio_result.refused") == [
        "studio_result.entered",
        "studio_result.verified",
    ]


def test_who_entered_a_result_does_not_verify_it_even_in_the_database(scene):
    result = scene.result(scene.growing(), actor=scene.manager)
    with pytest.raises(AssessmentError, match="请别人核实"):
        studio_results.refuse(result, "不对", actor=scene.manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(result).objects.filter(pk=result.pk).update(verified_by=scene.manager)


# -- Life --------------------------------------------------------------------------------------------------------------


def make_move(scene, name, studio):
    """Make the move as its service does."""
    if name == "rectify":
        return studios.rectify(studio, scene.today + 30 * DAY, "台账不全", actor=scene.union)
    if name == "rename":
        return studios.rename(studio, scene.mate, name="", text="接班", actor=scene.union)
    service = {"name": studios.named}.get(name) or getattr(studios, name)
    return service(studio, "写明理由", actor=scene.union)


@pytest.mark.parametrize(("state", "name"), list(itertools.product(State.values, MOVES)))
def test_every_move_works_from_its_sources_and_changes_nothing_elsewhere(scene, state, name):
    studio = scene.whole() if state == "growing" else scene.in_state(state)
    steps = StudioStep.objects.count()
    before = AuditEntry.objects.count()
    if state in MOVES[name].sources:
        make_move(scene, name, studio)
        assert now(studio).state == (MOVES[name].target or state)
        assert (StudioStep.objects.count(), AuditEntry.objects.count()) == (steps + 1, before + 1)
        assert AuditEntry.objects.latest("id").verb == MOVES[name].verb
        return
    with pytest.raises(TeamError):
        make_move(scene, name, studio)
    assert now(studio).state == state
    assert (StudioStep.objects.count(), AuditEntry.objects.count()) == (steps, before)


@pytest.mark.parametrize(("state", "hat"), list(itertools.product(State.values, (RUNNER, ROUND, CLOCK))))
def test_the_table_allows_what_it_lists_and_nothing_else(state, hat):
    found = {name for name in MOVES if allowed(name, state, hat)}
    assert found == set(open_to(state, hat))
    assert all(state in MOVES[name].sources and hat in MOVES[name].hats for name in found)
    assert bool(found) == (state in ALIVE)
    assert not {"name", "warn"} & set(WITH_REASON)


def test_a_studio_ripens_with_all_seven_only(scene):
    studio = scene.growing()
    with pytest.raises(AssessmentError, match="七有还没有齐.*标识：没有挂牌照片.*成果"):
        studios.mature(studio, "", actor=scene.union)
    assert now(studio).state == State.GROWING


def test_the_yearly_check_is_passed_once_a_year_and_with_a_result(scene):
    studio = scene.named()
    studios.keep(studio, "成果一项", actor=scene.union)
    with pytest.raises(StaleState, match="已经做过"):
        studios.keep(studio, "再来", actor=scene.union)


def test_without_a_result_the_yearly_check_is_not_passed(scene):
    studio = scene.named()
    idle(studio)
    with pytest.raises(AssessmentError, match="没有核实过的成果"):
        studios.keep(studio, "照旧", actor=scene.union)


def test_rectification_has_a_day_to_come_and_ends_well_with_a_result(scene):
    studio = scene.named()
    for days in (0, 800):
        with pytest.raises(AssessmentError, match="整改期限"):
            studios.rectify(studio, scene.today + days * DAY, "台账不全", actor=scene.union)
    studios.rectify(studio, scene.today + DAY, "台账不全", actor=scene.union)
    idle(studio)
    with pytest.raises(AssessmentError, match="没有核实过的成果"):
        studios.restore(studio, "补齐", actor=scene.union)
    scene.verified(studio)
    studios.restore(studio, "补齐", actor=scene.union)
    assert (studio.state, studio.rectify_until, studio.reason) == (State.NAMED, None, "")


def test_a_revoked_studio_has_no_members_and_frees_leader_and_name(scene):
    studio = scene.named()
    studios.revoke(studio, "多年没有成果", actor=scene.union)
    assert not studio.members.filter(left_on__isnull=True).exists()
    assert (studio.ended_on, studio.reason) == (scene.today, "多年没有成果")
    assert scene.growing().name == studio.name


def test_another_member_takes_the_lead(scene):
    studio = scene.whole()
    for person, told in ((scene.union, "不能把自己"), (scene.leader, "已经是领军人"), (scene.manager, "不在工作室")):
        with pytest.raises(AssessmentError, match=told):
            studios.rename(studio, person, name="", text="退休", actor=scene.union)
    studios.rename(studio, scene.mate, name="", text="退休", actor=scene.union)
    assert (studio.leader, studio.name) == (scene.mate, f"{scene.mate.name}创新工作室")
    assert studio.members.filter(user=scene.leader, left_on__isnull=True).exists()


def test_a_leader_of_another_studio_does_not_take_this_one_over(scene):
    studio = scene.whole()
    other = make.make_member(scene.team)
    scene.growing(other)
    studios.add_member(studio, other, skill="", joined_on=scene.today, actor=scene.union)
    with pytest.raises(AssessmentError, match="已经领着"):
        studios.rename(studio, other, name="", text="退休", actor=scene.union)
    assert now(studio).leader == scene.leader


# -- What waits and the nightly look -----------------------------------------------------------------------------------


def titles(user):
    return [title for title, *_ in waiting_for(user)]


def test_what_waits_for_whom(scene):
    studio = scene.rectifying()
    scene.result(studio)
    assert titles(scene.finance) == ["核实工作室成果"]
    assert titles(scene.union) == ["验收工作室整改"]
    assert titles(scene.leader) == ["工作室整改"]
    assert titles(scene.stranger) == titles(scene.mate) == []


def test_a_leader_who_left_or_whose_account_is_off_is_missed(scene):
    studio = scene.growing()
    assert studio_lists.leaderless([studio]) == []
    Membership.objects.filter(user=scene.leader).update(ended_on=scene.today)
    assert studio_lists.leaderless([now(studio)]) == [studio]
    assert titles(scene.union) == ["工作室缺领军人"]
    make.make_member(make.make_team(scene.stranger.unit_roles.get().unit), user=scene.leader)
    assert studio_lists.leaderless([now(studio)]) == [studio]
    make.give_role(scene.unit, "assessor", scene.leader)
    assert studio_lists.leaderless([now(studio)]) == []
    User.objects.filter(pk=scene.leader.pk).update(is_active=False)
    assert studio_lists.leaderless([now(studio)]) == [studio]


def test_the_nightly_look_warns_once_and_decides_nothing(scene):
    studio = scene.named()
    idle(studio)
    User.objects.filter(pk=scene.leader.pk).update(is_active=False)
    for _ in range(3):
        check_studios()
    assert now(studio).state == State.NAMED
    assert trail("studio.warned") == ["studio.warned"] * 2
    assert sorted(titles(scene.union)) == ["工作室年检", "工作室缺领军人"]


def test_a_programme_with_a_rule_asks_to_mend_by_itself(scene):
    studio = scene.named()
    idle(studio)
    rules = {"result_months": 12, "rectify_months": 3}
    programme = Programme.objects.create(
        unit=scene.unit, code="seven", name="七有", title="创新工作室", subject="studio"
    )
    Programme.objects.filter(pk=programme.pk).update(recheck=rules)
    days = {"valid_from": scene.today, "valid_to": scene.today + 365 * DAY}
    Title.objects.create(
        programme=programme, unit=scene.unit, studio=studio, name="创新工作室", serial="1", document="1", **days
    )
    for _ in range(2):
        studio_checks.keep(scene.today)
    found = now(studio)
    assert (found.state, found.reason) == (State.RECTIFYING, "十二个月没有核实过的成果，按评选办法自动限期整改")
    assert found.rectify_until > scene.today + 60 * DAY
    assert found.steps.last().actor is None
    assert trail("studio.rectified", "studio.warned") == ["studio.rectified"]


def test_an_overdue_rectification_is_said_once(scene):
    studio = scene.rectifying()
    later = scene.today + 31 * DAY
    for _ in range(2):
        studio_checks.keep(later)
    assert now(studio).state == State.RECTIFYING
    assert [step.text for step in studio.steps.all()][-1].endswith(studio_checks.OVERDUE)
    assert trail("studio.warned") == ["studio.warned"]


def test_a_year_after_naming_and_after_each_check_the_next_check_is_asked_for(scene, monkeypatch):
    studio, later = scene.named(), scene.today + 366 * DAY
    StudioResult.objects.filter(studio=studio).update(date=later - 30 * DAY)
    studio_checks.keep(later - 2 * DAY)
    assert trail("studio.warned") == []
    for _ in range(2):
        studio_checks.keep(later)
    assert trail("studio.warned") == ["studio.warned"]
    assert studio.steps.last().text == f"提醒：{studio_checks.CHECK_DUE}"
    monkeypatch.setattr(timezone, "localdate", lambda: later)
    assert titles(scene.union) == ["工作室年检"]
    assert titles(scene.leader) == []
    monkeypatch.undo()
    scene.verified(studio)
    studios.keep(studio, "七有齐全", actor=scene.union)
    assert studio_lists.unchecked([studio], scene.today + 364 * DAY) == []
    assert studio_lists.unchecked([studio], later) == [studio]


def test_a_healthy_studio_is_left_alone(scene):
    scene.named()
    before = AuditEntry.objects.count()
    studio_checks.keep(timezone.localdate())
    assert AuditEntry.objects.count() == before
