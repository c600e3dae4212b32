"""What every signed-in request must satisfy: a session that is not idle, and an own password."""

import time
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import resolve, reverse

from teams import audit
from teams.access import home_unit
from teams.audit import client_address, current_address

ALLOWED_WITHOUT_OWN_PASSWORD = {"password_change", "logout"}


def to_sign_in(request):
    """Sends to the sign-in page, and from there on to where the person was."""
    return redirect_to_login(_wanted(request))


def _wanted(request):
    """The page to open after signing in: the one asked for, or the one that held the form that came too late."""
    if request.method in ("GET", "HEAD"):
        wanted = request.get_full_path()
    else:
        page = urlsplit(request.headers.get("Referer", ""))
        wanted = page._replace(scheme="", netloc="").geturl() if page.netloc == request.get_host() else reverse("home")
    return reverse("home") if wanted.startswith(reverse("login")) else wanted


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page wants a session unless its view says otherwise; a form that comes without one leads to its own page."""

    def handle_no_permission(self, request, view_func):
        return to_sign_in(request)


class WrongMethodMiddleware:
    """Says in words that an address takes only forms, where the bare answer would be an empty page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405:
            response.content = render_to_string("405.html", request=request)
        return response


class AccountMiddleware:
    """Ends idle sessions, sends first-time users to choose an own password, keeps refusals and addresses for the trail."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        current_address.set(client_address(request))
        if request.user.is_authenticated:
            return self._ended(request) or self._needs_own_password(request) or self._personal(request)
        return self.get_response(request)

    def _ended(self, request):
        """Sign out a session that nobody used for a while, or that is older than any session may be."""
        now, session = int(time.time()), request.session
        idle = now - session.get("seen", now) > settings.SESSION_IDLE_SECONDS
        if idle or now - session.get("since", now) > settings.SESSION_COOKIE_AGE:
            logout(request)
            messages.info(request, "您有一段时间没有操作，请重新登录。" if idle else "登录已满 12 小时，请重新登录。")
            return to_sign_in(request)
        session.setdefault("since", now)
        if now - session.get("seen", 0) > 60:
            session["seen"] = now
        return None

    def _needs_own_password(self, request):
        if request.user.must_change_password and resolve(request.path).url_name not in ALLOWED_WITHOUT_OWN_PASSWORD:
            return redirect("password_change")
        return None

    def _personal(self, request):
        response = self.get_response(request)
        if response.status_code == 403:
            _note_refusal(request)
        response.setdefault("Cache-Control", "no-store")
        return response


def _note_refusal(request):
    """Keep in the trail who was refused what."""
    wanted = {"method": request.method, "path": request.path[:200]}
    audit.record("access.refused", request.user, actor=request.user, unit=home_unit(request.user), after=wanted)
