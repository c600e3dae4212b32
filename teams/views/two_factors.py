"""The own second factor: set it up, get new recovery codes, turn it off."""

from base64 import b32encode
from binascii import unhexlify

import segno
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as verified_login
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from teams.access import access_of, home_unit
from teams.actions import carry_out, turned_back
from teams.errors import TeamError
from teams.forms.signing_in import CodeForm, OwnSecretForm
from teams.security import profile
from teams.services import second_factor
from teams.views.accounts import keep_this_session

HERE = ("two-factors", [])


@require_http_methods(["GET", "HEAD", "POST"])
def two_factors(request):
    """Where it stands; for those without a second factor the way to it, with a key that waits in the session."""
    device = second_factor.device_of(request.user)
    is_needed = bool(profile().two_factor_roles & access_of(request.user).roles)
    if device:
        context = {"device": device, "left": second_factor.codes_left(request.user), "is_needed": is_needed}
        return render(request, "teams/two_factors.html", context | _secret_forms(request.user))
    key, form = request.session.setdefault("two_factor_key", default_key()), CodeForm(request.POST or None)
    codes = _turned_on(request, form, key) if request.method == "POST" and form.is_valid() else None
    if codes:
        return _codes_page(request, codes, "两步验证已开启。下次登录时，输完密码还要填手机上的验证码。")
    return render(
        request, "teams/two_factors_setup.html", {"form": form, "is_needed": is_needed} | _shown(request, key)
    )


def _secret_forms(user):
    """The two forms of the page, their fields told apart."""
    return {name: OwnSecretForm(user, auto_id=f"{name}-%s") for name in ("renewing", "turning_off")}


def _turned_on(request, form, key):
    """Turn it on with the typed code: the recovery codes, or None when that was refused."""
    user, code = request.user, form.cleaned_data["code"]
    try:
        device, codes = second_factor.turn_on(user, key=key, code=code, actor=user, unit=home_unit(user))
    except TeamError as error:
        form.add_error("code", str(error))
        return None
    del request.session["two_factor_key"]
    request.session["two_factors"] = True
    keep_this_session(request)
    verified_login(request, device)
    return codes


def _shown(request, key):
    """The key as a picture to scan, as an address that opens the app on this phone, and as a text to type."""
    address, secret = TOTPDevice(user=request.user, key=key).config_url, b32encode(unhexlify(key)).decode()
    words = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=2, light="white")
    return {"qr": picture, "address": address, "words": words}


def _codes_page(request, codes, done):
    return render(request, "teams/recovery_codes.html", {"codes": codes, "done": done})


@require_POST
def renew_codes(request):
    user, form = request.user, OwnSecretForm(request.user, request.POST)
    if not form.is_valid():
        return turned_back(request, form, HERE)
    try:
        codes = second_factor.renew_codes(user, actor=user, unit=home_unit(user))
    except TeamError as error:
        messages.error(request, str(error))
        return redirect("two-factors")
    return _codes_page(request, codes, "已换成新的恢复码，原来的不能再用。")


@require_POST
def turn_off(request):
    form = OwnSecretForm(request.user, request.POST)
    if not form.is_valid():
        return turned_back(request, form, HERE)
    done, unit = "两步验证已关闭，以后登录只要密码。", home_unit(request.user)
    answer = carry_out(request, done, HERE, second_factor.turn_off, request.user, unit=unit)
    request.session["two_factors"] = second_factor.device_of(request.user) is not None
    return answer
