"""The list of a round as it is posted: names alone, no marks, no place, nobody who reviewed them."""

from assessments.honours.name_lists import changes_of, names_of
from bulletins.models import Bulletin
from bulletins.tables import Audience, Board, Column, Fact, Note, Row

SUBJECTS = {"team": "班组", "person": "姓名", "studio": "工作室"}


def board_of_names(round_, actor, days):
    """The Board of those who are to be named; everybody signed in reads it. `days` are full working days."""
    frozen, names, seen = round_.frozen, names_of(round_), Audience.SIGNED_IN
    columns = [
        Column("number", "序号", numeric=False, audience=seen),
        Column("unit", "单位", numeric=False, audience=seen),
        Column("name", SUBJECTS[frozen["subject"]], numeric=False, audience=seen),
        Column("side", "类别", numeric=False, audience=seen),
    ]
    return Board(
        kind=Bulletin.Kind.NOMINATION,
        title=f"{round_}拟命名名单公示"[:120],
        facts=[Fact("称号", frozen["title"], seen), Fact("拟命名", f"{len(names)} 个", seen)],
        columns=columns,
        rows=[Row(row.user_id, _cells(number, row)) for number, row in enumerate(names, 1)],
        notes=[Note(text, seen) for text in _notes(round_, days)],
        parties={"proposers": [actor.pk]},
    )


def _cells(number, application):
    side = "一线" if application.is_front_line else "管理"
    return {"number": f"{number}", "unit": f"{application.unit}", "name": f"{application.subject}", "side": side}


def _notes(round_, days):
    """What the board says below the table."""
    return [
        *(f"名单变动：{sentence}" for sentence in changes_of(round_)),
        f"公示 {days} 个工作日。对名单有异议的，公示期内在“评选”里打开“{round_}”，点名字后面的“提异议”，可以实名，也可以不公开姓名。",
        "公示期满没有异议，或者异议查明不影响的，由主办单位发文命名。",
    ]
