"""Signing in with one factor or two, signing out, and the own password."""

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash, views
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.http import urlencode
from django.views.generic import FormView
from django_otp import login as verified_login

from teams import passwords
from teams.access import home_unit
from teams.devices import device_words
from teams.errors import TeamError
from teams.forms.signing_in import CodeForm, OwnPasswordForm, SignInForm
from teams.models import User
from teams.services import second_factor, sessions
from teams.services.passwords import choose_password


def begin(request, factor):
    """The person has signed in completely: note it."""
    device, unit = device_words(request.headers.get("User-Agent", "")), home_unit(request.user)
    sessions.begin(request.user, session_key=request.session.session_key, device=device, factor=factor, unit=unit)


def keep_this_session(request):
    """After a deed that ended all sessions of the person: go on with this one under another key."""
    before = request.session.session_key
    update_session_auth_hash(request, request.user)
    sessions.keep_only(request.user, before, request.session.session_key)


class SignIn(views.LoginView):
    form_class = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        user = form.get_user()
        login(self.request, user)
        wants_code = self.request.session["two_factors"] = second_factor.device_of(user) is not None
        if wants_code:
            return redirect(f"{reverse('sign-in-code')}?{urlencode({'next': self.get_success_url()})}")
        begin(self.request, "密码")
        return redirect(self.get_success_url())

    def form_invalid(self, form):
        if form.non_field_errors():
            _note_failure(self.request, form)
        return super().form_invalid(form)


def _note_failure(request, form):
    """Keep in the trail that somebody failed as a known person; tries against a number already locked leave nothing."""
    person = User.objects.filter(employee_no=form.cleaned_data["username"]).first()
    is_locked = getattr(request, "axes_locked_out", False)
    if person and (not is_locked or request.axes_failures_since_start):
        sessions.note_failure(person, locked=is_locked, reason=form.why_refused(), unit=home_unit(person))


class SignInCode(views.RedirectURLMixin, FormView):
    """The second step of signing in: a code from the phone, or a recovery code."""

    form_class = CodeForm
    template_name = "registration/sign_in_code.html"
    next_page = "home"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_verified() or second_factor.device_of(request.user) is None:
            request.session["two_factors"] = False
            return redirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        user = self.request.user
        try:
            device = second_factor.verify(user, form.cleaned_data["code"], unit=home_unit(user))
        except TeamError as error:
            form.add_error("code", str(error))
            return self.form_invalid(form)
        self.request.session.cycle_key()
        verified_login(self.request, device)
        begin(self.request, "密码和恢复码" if second_factor.is_recovery(device) else "密码和验证码")
        return redirect(self.get_success_url())


class SignOut(views.LogoutView):
    def post(self, request, *args, **kwargs):
        sessions.leave(request.user, request.session.session_key, unit=home_unit(request.user))
        return super().post(request, *args, **kwargs)


class ChangePassword(views.PasswordChangeView):
    form_class = OwnPasswordForm
    success_url = reverse_lazy("home")
    template_name = "registration/password_change.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        held = {"forced": user.must_change_password, "expired": passwords.is_expired(user)}
        return super().get_context_data(**held, **kwargs)

    def form_valid(self, form):
        user = form.user
        choose_password(user, form.cleaned_data["new_password1"], actor=user, unit=home_unit(user))
        keep_this_session(self.request)
        messages.success(self.request, "密码已修改，下次请用新密码登录。")
        return redirect(self.success_url)
