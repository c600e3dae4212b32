"""Signing in and the own password."""

from django.contrib import messages
from django.contrib.auth import views
from django.urls import reverse_lazy

from teams import audit
from teams.access import home_unit
from teams.forms import OwnPasswordForm, SignInForm


class SignIn(views.LoginView):
    form_class = SignInForm
    redirect_authenticated_user = True


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
