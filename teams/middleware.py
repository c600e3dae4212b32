"""What every signed-in request must satisfy: a session that is not idle, and an own password."""

import time
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import resolve, reverse

from teams.audit import client_address, current_address

ALLOWED_WITHOUT_OWN_PASSWORD = {"password_change", "logout"}


class AccountMiddleware:
    """Ends idle sessions, sends first-time users to choose an own password, remembers the address for the trail."""

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
            wanted = request.path if request.method == "GET" else reverse("home")
            return redirect(f"{reverse('login')}?next={quote(wanted)}")
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
        response.setdefault("Cache-Control", "no-store")
        return response
