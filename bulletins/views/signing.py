"""核对签字 on a board: on one's own phone, or kept from the printed sheet."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from bulletins.forms.signing import PaperSignatureForm
from bulletins.models import Bulletin
from bulletins.services import signatures
from bulletins.signatures import concerned_by
from teams.access import access_of
from teams.actions import carry_out, turned_back

BOARDS = Bulletin.objects.select_related("unit", "team")


@require_POST
def sign(request, serial):
    bulletin = get_object_or_404(BOARDS, serial=serial)
    if request.user.pk not in concerned_by(bulletin):
        raise PermissionDenied
    return carry_out(request, "已记下您的核对签字。", ("bulletins:board", [serial]), signatures.sign, bulletin)


@require_POST
def paper(request, serial):
    bulletin = get_object_or_404(BOARDS, serial=serial)
    if bulletin.team is None or not access_of(request.user).on_team("board.paper", bulletin.team):
        raise PermissionDenied
    form, back = PaperSignatureForm(request.POST, people=concerned_by(bulletin)), ("bulletins:board", [serial])
    if not form.is_valid():
        return turned_back(request, form, back)
    member = form.cleaned_data["user"]
    return carry_out(request, f"已登记{member.name}的纸面签字。", back, signatures.keep_paper, bulletin, member)
