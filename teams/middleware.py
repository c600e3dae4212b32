"""What every signed-in request must satisfy: a session that is not idle, and an own password."""

import time

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
            return self._idle(request) or self._needs_own_password(request) or self._personal(request)
        return self.get_response(request)

    def _idle(self, request):
        now = int(time.time())
        seen = request.session.get("seen", now)
        if now - seen > settings.SESSION_IDLE_SECONDS:
            logout(request)
            messages.info(request, "您有一段时间没有操作，请重新登录。")
            return redirect(f"{reverse('login')}?next={request.path}")
        if now - seen > 60 or "seen" not in request.session:
            request.session["seen"] = now
        return None

    def _needs_own_password(self, request):
        if request.user.must_change_password and resolve(request.path).url_name not in ALLOWED_WITHOUT_OWN_PASSWORD:
            return redirect("password_change")
        return None

    def _personal(self, request):
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        return response
