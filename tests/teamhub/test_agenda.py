"""The home page shows first what presses, then the rest, last what is only to be known; a long list folds its end."""

from teamhub.agenda import MOST, sections


def line(title, state="wait", word="待办"):
    return {"title": title, "detail": "", "url": "/", "state": state, "word": word}


def shown(queue):
    return [(section.heading, [row["title"] for row in section.lines]) for section in sections(queue)]


def test_what_is_due_today_stands_before_what_ran_out_and_what_is_late():
    queue = [
        line("复核"),
        line("学习", "warn", "逾期"),
        line("证书", "bad", "已过期"),
        line("测评结果", "ok", "已公布"),
        line("自查", word="今天"),
    ]
    assert shown(queue) == [
        ("先办这些", ["自查", "证书", "学习"]),
        ("接着办", ["复核"]),
        ("办好的和新公布的", ["测评结果"]),
    ]


def test_where_nothing_presses_there_is_one_list_and_without_lines_none():
    assert shown([line("复核"), line("审批")]) == [("等我办的事", ["复核", "审批"])]
    assert sections([]) == []


def test_two_lines_alike_both_stay():
    assert shown([line("学习"), line("学习")]) == [("等我办的事", ["学习", "学习"])]
    assert shown([line("证书", "bad"), line("证书", "bad")]) == [("先办这些", ["证书", "证书"])]


def test_a_long_list_folds_its_end_but_not_for_a_line_or_two():
    (section,) = sections([line(str(number)) for number in range(MOST + 2)])
    assert (len(section.first), section.further) == (MOST + 2, [])
    (section,) = sections([line(str(number)) for number in range(MOST + 3)])
    assert (len(section.first), len(section.further)) == (MOST, 3)
