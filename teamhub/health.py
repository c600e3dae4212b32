"""Health for supervisors and load balancers: alive, and ready to serve."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.services.closes import due_for_work
from bulletins.services import verification as boards
from incentives.services import verification as ledger
from teams.triggers import missing

STALLED_AFTER = 300
"""Seconds that a requested close may wait before something must be wrong with the workers."""

PROOFS = [("ledger does", ledger, "verify_ledger"), ("boards do", boards, "verify_boards")]
"""What is proved every night."""


@login_not_required
@require_safe
def live(request):
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def ready(request):
    """The database answers, its guards are in place, and requested work is being done.

    A ledger or boards that do not hold are told, too, but no reason to take the site out of service.
    """
    since = timezone.now() - timedelta(seconds=STALLED_AFTER)
    problems = [f"missing trigger {name}" for name in missing(connection)]
    if due_for_work().filter(requested_at__lt=since).exists():
        problems.append("requested closes are not being computed: is a worker running?")
    told = [
        *problems,
        *(f"the {name} not hold: run manage.py {command}" for name, proof, command in PROOFS if proof.found_broken()),
    ]
    return JsonResponse({"status": "problem" if told else "ok", "problems": told}, status=503 if problems else 200)
