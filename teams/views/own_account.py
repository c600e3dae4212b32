"""The own account: what the product holds about a person on this floor, the own phone number, the own sessions."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import account_state, careers, honours, passwords
from teams.access import home_unit
from teams.actions import carried_out, carry_out
from teams.forms.signing_in import PhoneForm
from teams.models import SignIn
from teams.services import accounts, second_factor, sessions


@require_safe
def own(request):
    user = request.user
    context = {
        "memberships": user.memberships.select_related("team__unit").order_by("-started_on"),
        "roles": user.unit_roles.filter(ended_on__isnull=True).select_related("unit"),
        "certificates": careers.certificates_of([user]),
        "honours": honours.honours_of([user]),
        "places": account_state.places_of(user, request.session.session_key),
        "two_factors": second_factor.device_of(user),
        "password_expires": passwords.expires_at(user),
    }
    return render(request, "teams/own_account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def phone(request):
    user = request.user
    form = PhoneForm(request.POST or None, initial={"phone": user.phone})
    if request.method == "POST" and form.is_valid():
        number, unit = form.cleaned_data["phone"], home_unit(user)
        if carried_out(form, accounts.change_phone, user, number, actor=user, unit=unit):
            messages.success(request, "联系电话已更正。")
            return redirect("own-account")
    return render(request, "teams/own_phone.html", {"form": form})


@require_POST
def end_session(request, sign_in_id):
    row = get_object_or_404(SignIn, pk=sign_in_id, user=request.user)
    done = f"{row.device}已退出。"
    return carry_out(request, done, ("own-account", []), sessions.end, row, unit=home_unit(request.user))


@require_POST
def sign_out_everywhere(request):
    accounts.end_sessions(request.user, actor=request.user, unit=home_unit(request.user))
    return redirect("login")
