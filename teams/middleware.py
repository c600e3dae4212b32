"""What every signed-in request must satisfy: a living session, the second factor where there is one, an own password."""

import time
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import resolve, reverse

from teams import audit, passwords
from teams.access import access_of, home_unit
from teams.audit import client_address, current_address
from teams.security import profile
from teams.services import second_factor, sessions

PAGE_OF = {"code": "sign-in-code", "password": "password_change", "setup": "two-factors"}
"""The one page that is open while something is wanted of a person, besides signing out."""
ELSEWHERE = "您的工号刚在另一台设备上登录，这里已经退出。如果不是您本人，请马上改密码并告诉系统管理员。"


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
    """Ends sessions in time, asks for what is still wanted of a person, keeps refusals and addresses for the trail."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        current_address.set(client_address(request))
        if request.user.is_authenticated:
            return self._ended(request) or self._held_back(request) or self._personal(request)
        return self.get_response(request)

    def _ended(self, request):
        """Sign out a session whose time is over."""
        now, session = int(time.time()), request.session
        why = _why_over(session, now)
        if why:
            sessions.close_rows(request.user, session_key=session.session_key)
            logout(request)
            messages.info(request, why)
            return to_sign_in(request)
        session.setdefault("since", now)
        if now - session.get("seen", 0) > 60:
            session["seen"] = now
        return None

    def _held_back(self, request):
        """Lead to the page that comes first; `request.held_back` tells the pages that there is nowhere else to go."""
        wanted = _wanted_first(request)
        request.held_back = wanted is not None
        if wanted is None or resolve(request.path).url_name in (PAGE_OF[wanted], "logout"):
            return None
        page = reverse(PAGE_OF[wanted])
        return redirect_to_login(_wanted(request), page) if wanted == "code" else redirect(page)

    def _personal(self, request):
        response = self.get_response(request)
        if response.status_code == 403:
            _note_refusal(request)
        response.setdefault("Cache-Control", "no-store")
        return response


def _why_over(session, now):
    """The sentence for a session that nobody used for a while, that is too old, or that a newer one has ended."""
    rules = profile()
    if now - session.get("seen", now) > rules.idle_minutes * 60:
        return "您有一段时间没有操作，请重新登录。"
    if now - session.get("since", now) > rules.session_hours * 3600:
        return f"登录已满 {rules.session_hours} 小时，请重新登录。"
    return ELSEWHERE if rules.one_session and sessions.was_ended(session.session_key) else None


def _wanted_first(request):
    """What a person has to do before anything else: "code", "password", "setup" or nothing.

    Whether a person has a second factor is asked once a session; turning it on ends the sessions that know better.
    """
    user, session = request.user, request.session
    if "two_factors" not in session:
        session["two_factors"] = second_factor.device_of(user) is not None
    if session["two_factors"] and not user.is_verified():
        return "code"
    if user.must_change_password or passwords.is_expired(user):
        return "password"
    needs = profile().two_factor_roles
    return "setup" if needs and not user.is_verified() and needs & access_of(user).roles else None


def _note_refusal(request):
    """Keep in the trail who was refused what."""
    wanted = {"method": request.method, "path": request.path[:200]}
    audit.record("access.refused", request.user, actor=request.user, unit=home_unit(request.user), after=wanted)
