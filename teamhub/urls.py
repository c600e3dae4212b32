from django.urls import include, path

from teamhub import health, views
from teams.views import own_account, security, two_factors
from teams.views.accounts import ChangePassword, SignIn, SignInCode, SignOut

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", SignIn.as_view(), name="login"),
    path("login/code/", SignInCode.as_view(), name="sign-in-code"),
    path("logout/", SignOut.as_view(), name="logout"),
    path("password/", ChangePassword.as_view(), name="password_change"),
    path("me/", own_account.own, name="own-account"),
    path("me/phone/", own_account.phone, name="own-phone"),
    path("me/sessions/<int:sign_in_id>/end/", own_account.end_session, name="session-end"),
    path("me/data/", views.own_data, name="own-data"),
    path("me/sign-out/", own_account.sign_out_everywhere, name="sign-out-everywhere"),
    path("me/two-factors/", two_factors.two_factors, name="two-factors"),
    path("me/two-factors/codes/", two_factors.renew_codes, name="two-factors-codes"),
    path("me/two-factors/off/", two_factors.turn_off, name="two-factors-off"),
    path("security/", security.policy, name="security"),
    path("trail/", views.trail, name="trail"),
    path("trail/export/", views.trail_export, name="trail-export"),
    path("trail/verify/", views.trail_verify, name="trail-verify"),
    path("help/", views.help_contents, name="help"),
    path("help/<slug:slug>/", views.help_topic, name="help-topic"),
    path("healthz", health.live, name="health"),
    path("healthz/ready", health.ready, name="health-ready"),
    path("", include("teams.urls")),
    path("", include("bulletins.urls")),
    path("", include("activities.urls")),
    path("", include("assessments.urls")),
    path("", include("incentives.urls")),
]
