import json
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from teamhub.month_import import import_month
from teams import periods
from teams.errors import TeamError


class Command(BaseCommand):
    help = "Bring a past month in: a folder with roster, attendance, standard, findings and pools; closes and posts it."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="folder named or holding a month, e.g. case-2026-10")
        parser.add_argument("--month", help="the month, e.g. 2026-10; by default the end of the folder's name")
        parser.add_argument("--plant", default="本厂", help="name of the root unit")
        parser.add_argument("--report", type=Path, help="write the figures that came out to this JSON file")

    def handle(self, *, folder, month, plant, report, **options):
        try:
            outcome = import_month(folder, periods.parse(month or folder.resolve().name[-7:]), plant=plant)
        except ValidationError as error:
            raise CommandError(f"{error.messages[0]} 用 --month 指明月份。") from error
        except TeamError as error:
            raise CommandError(str(error)) from error
        if report:
            report.write_text(json.dumps(outcome, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        self.stdout.write(
            f"{outcome['month']}：导入 {outcome['people']} 人，{len(outcome['roster_errors'])} 行有错未导入；"
            f"{len(outcome['teams'])} 个班组已关账，{len(outcome['members'])} 人的奖金已入账并张榜。"
        )
        for row in outcome["roster_errors"]:
            self.stdout.write(f"  花名册第 {row['row']} 行未导入：{row['reason']}")
