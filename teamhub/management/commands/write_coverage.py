from django.core.management.base import BaseCommand

from teamhub.coverage import PAGE, practices, served, table


class Command(BaseCommand):
    help = "Write docs/coverage.md: which screen, kind of records or preset serves which practice."

    def handle(self, **options):
        PAGE.write_text(table(), encoding="utf-8")
        missing = [number for number in practices() if number not in served()]
        self.stdout.write(
            f"Wrote {PAGE.name}: {len(practices())} practices, {len(missing)} without anything: {missing}"
        )
