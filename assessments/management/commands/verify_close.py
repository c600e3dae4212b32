from django.core.management.base import BaseCommand, CommandError

from assessments.verification import closed_months, verify
from teams import periods


class Command(BaseCommand):
    help = (
        "Recompute every closed month from its frozen inputs and compare; names what differs and exits with an error."
    )

    def add_arguments(self, parser):
        parser.add_argument("--month", help="only this month, e.g. 2026-10")

    def handle(self, *, month, **options):
        closes = closed_months()
        if month:
            closes = closes.filter(period=periods.parse(month))
        checked, wrong = 0, []
        for close in closes.iterator(chunk_size=20):
            checked += 1
            wrong += verify(close)
        for difference in wrong:
            self.stderr.write(str(difference))
        if wrong:
            raise CommandError(f"核对了 {checked} 个已关账的月份，发现 {len(wrong)} 处不符。请保留现场，联系审计员。")
        self.stdout.write(f"核对了 {checked} 个已关账的月份，得分与输入全部一致。")
