from django.core.management.base import BaseCommand, CommandError

from bulletins.services.verification import verify_boards


class Command(BaseCommand):
    help = "Compute the chain of every unit again and compare it with the trail and the heads noted; names the first board that is wrong and exits with an error."

    def add_arguments(self, parser):
        parser.add_argument(
            "--heads", metavar="FILE", help="heads kept outside the database (default: the file written daily)"
        )

    def handle(self, *, heads, **options):
        examined, problems = verify_boards(heads)
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"核对了 {examined} 张榜，{len(problems)} 处不符。请保留现场，联系审计员。")
        self.stdout.write(f"核对了 {examined} 张榜，榜链全部完整。")
