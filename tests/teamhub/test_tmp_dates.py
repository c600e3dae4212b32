import datetime, pytest
from teamhub import demo
from incentives.models import Distribution
from assessments.models import TeamScore, Finding
@pytest.mark.django_db
@pytest.mark.parametrize("d", ["2026-11-01","2026-11-02","2026-10-31","2026-03-01","2026-01-01","2025-12-31","2024-02-29","2026-02-18","2026-10-05"])
def test_d(d):
    demo.load(datetime.date.fromisoformat(d))
    assert Distribution.objects.filter(state="posted").count()==18
    print(d, [s/100 for s in TeamScore.objects.values_list("score",flat=True)])
@pytest.mark.django_db
def test_again():
    def run():
        from django.db import transaction
        with transaction.atomic():
            demo.load()
            out=(list(TeamScore.objects.order_by("id").values_list("score",flat=True)), list(Finding.objects.order_by("id").values_list("note","points","date")), list(Distribution.objects.order_by("id").values_list("parts",flat=True)))
            transaction.set_rollback(True)
        return out
    assert run()==run()
