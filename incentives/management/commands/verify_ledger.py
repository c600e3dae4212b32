from django.core.management.base import BaseCommand, CommandError

from incentives.services.verification import verify_ledger


class Command(BaseCommand):
    help = "Prove every sum and link of the ledger; names each row that is wrong, exits with an error, and stops the boards until it holds."

    def handle(self, **options):
        outcomes = verify_ledger()
        for outcome in outcomes:
            self.stdout.write(str(outcome))
            for problem in outcome.problems:
                self.stderr.write(f"  {problem}")
        wrong = sum(len(outcome.problems) for outcome in outcomes)
        if wrong:
            raise CommandError(f"账目有 {wrong} 处不符，张榜已停。请保留现场，联系审计员。")
        self.stdout.write("账目核验通过。")
