"""Signing in and the own password."""

from django.contrib import messages
from django.contrib.auth import views
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST, require_safe

from teams import audit
from teams.access import home_unit
from teams.forms import OwnPasswordForm, SignInForm
from teams.services.accounts import end_sessions


class SignIn(views.LoginView):
    form_class = SignInForm
    redirect_authenticated_user = True


@require_safe
def own(request):
    """The own account: what the product holds about the person on this floor, and a way to sign out everywhere."""
    memberships = request.user.memberships.select_related("team__unit").order_by("-started_on")
    roles = request.user.unit_roles.filter(ended_on__isnull=True).select_related("unit")
    return render(request, "teams/own_account.html", {"memberships": memberships, "roles": roles})


@require_POST
def sign_out_everywhere(request):
    end_sessions(request.user, actor=request.user, unit=home_unit(request.user))
    return redirect("login")


class ChangePassword(views.PasswordChangeView):
    form_class = OwnPasswordForm
    success_url = reverse_lazy("home")
    template_name = "registration/password_change.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(forced=self.request.user.must_change_password, **kwargs)

    def form_valid(self, form):
        form.user.must_change_password = False
        response = super().form_valid(form)
        audit.record("password.changed", form.user, actor=form.user, unit=home_unit(form.user))
        messages.success(self.request, "密码已修改，下次请用新密码登录。")
        return response
