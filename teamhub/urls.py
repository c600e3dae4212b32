from django.contrib.auth.views import LogoutView
from django.urls import include, path

from teamhub import health, views
from teams.views import accounts
from teams.views.accounts import ChangePassword, SignIn

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", ChangePassword.as_view(), name="password_change"),
    path("me/", accounts.own, name="own-account"),
    path("me/sign-out/", accounts.sign_out_everywhere, name="sign-out-everywhere"),
    path("trail/", views.trail, name="trail"),
    path("trail/export/", views.trail_export, name="trail-export"),
    path("trail/verify/", views.trail_verify, name="trail-verify"),
    path("healthz", health.live, name="health"),
    path("healthz/ready", health.ready, name="health-ready"),
    path("", include("teams.urls")),
    path("", include("bulletins.urls")),
    path("", include("assessments.urls")),
    path("", include("incentives.urls")),
]
