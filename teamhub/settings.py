"""All settings of TeamHub, driven by environment variables and closed by default.

Without any variable the product refuses to start, except with DEBUG=true, where a throw-away key is used on SQLite and
a filesystem broker. `script/server` writes a private `.env`, so a newcomer types nothing.
"""

from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from teams.security import PROFILES

BASE_DIR = Path(__file__).resolve().parent.parent

## ENVIRONMENT

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
VAR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = env.str("SECRET_KEY", default="development-only-key" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is missing. Put SECRET_KEY=<50 random characters> into .env or the environment; "
        "script/server writes one for you."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
HTTPS = env.bool("HTTPS", default=not DEBUG)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

## APPLICATIONS

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "teams",
    "bulletins",
    "activities",
    "assessments",
    "incentives",
    "teamhub",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "teams.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "teams.middleware.AccountMiddleware",
    "teams.middleware.WrongMethodMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "teamhub.urls"
WSGI_APPLICATION = "teamhub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "teams.typed.typed",
                "teamhub.navigation.navigation",
                "teamhub.manual.help_link",
            ],
            "builtins": ["teams.templatetags.figures"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

## DATABASE

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'teamhub.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock at BEGIN, so read-then-write never fails with "database is locked";
    # recursive_triggers makes INSERT OR REPLACE fire the delete triggers of the append-only tables.
    _database["CONN_MAX_AGE"] = None
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
        ),
    }
    _database["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
else:
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
    # Its questions find few rows by an index, thousands of times: compiling them or starting parallel workers costs more than
    # the answer, and with the default price of an index page all people are read to name the twelve of a team.
    _database["OPTIONS"] = {
        "options": "-c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000 -c lock_timeout=5000 "
        "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1"
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

## CACHE

# Only pages that everybody gets, in the memory of each web process; more of them than a month has boards.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}},
}

BOARD_STAMP_SECONDS = 5  # how old what everybody without signing in sees of a board may be

## PEOPLE AND SESSIONS

SECURITY_LEVEL = env.int("SECURITY_LEVEL", default=2)
if SECURITY_LEVEL not in PROFILES:
    raise ImproperlyConfigured("SECURITY_LEVEL must be 2 (等保二级) or 3 (等保三级); see teams/security.py.")
SECURITY = PROFILES[SECURITY_LEVEL]

AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "teams.passwords.NotPersonalValidator",
        "OPTIONS": {"user_attributes": ("employee_no", "name", "phone")},
    },
    {"NAME": "teams.passwords.LongEnoughValidator", "OPTIONS": {"min_length": SECURITY.password_length}},
    {"NAME": "teams.passwords.NotCommonValidator"},
    {"NAME": "teams.passwords.KindsValidator", "OPTIONS": {"kinds": SECURITY.password_kinds}},
    {"NAME": "teams.passwords.NotUsedBeforeValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = SECURITY.session_hours * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True

# A plant sits behind one address: a lock is for one person at one address, so that nobody locks a colleague out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = SECURITY.lockout_failures
AXES_COOLOFF_TIME = timedelta(minutes=SECURITY.lockout_minutes)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_USERNAME_FORM_FIELD = "username"
AXES_CLIENT_IP_CALLABLE = "teams.audit.client_address"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "TeamHub"

EMPLOYEE_NO_WIDTH = env.int("EMPLOYEE_NO_WIDTH", default=6)

## LANGUAGE AND TIME

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

## FILES

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

## HEADS OF THE BOARDS

CHAIN_HEADS_DIR = Path(env.str("CHAIN_HEADS_DIR", default=str(VAR / "heads")))
CHAIN_HEADS_TO = env.list("CHAIN_HEADS_TO", default=[])
vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="teamhub@localhost")

## SECURITY

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if HTTPS:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None

## CELERY

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://")
if CELERY_BROKER_URL.startswith("filesystem"):
    _queue = VAR / "broker"
    for _name in ("messages", "processed", "control"):
        (_queue / _name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
        "processed_folder": str(_queue / "processed"),
        "store_processed": False,
        "polling_interval": 0.2,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 1800,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 3,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "retry_on_timeout": True,
        "global_keyprefix": "teamhub:",
    }
    CELERY_VISIBILITY_TIMEOUT = 1800
    CELERY_TASK_ACKS_LATE = True
    CELERY_TASK_REJECT_ON_WORKER_LOST = True
    CELERY_TASK_RETRY_ON_WORKER_LOST = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.2}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
CELERY_BEAT_MAX_LOOP_INTERVAL = 30
CELERY_BEAT_SCHEDULE = {
    "re-send what is not done": {"task": "assessments.sweep_closes", "schedule": 20.0},
    "re-send imports that are not done": {"task": "teams.sweep_imports", "schedule": 20.0},
    "close the past month": {
        "task": "assessments.request_past_month",
        "schedule": crontab(minute=10, hour=0, day_of_month="1-10"),
    },
    "keep duties": {"task": "teamhub.keep_duties", "schedule": crontab(minute=5, hour=0)},
    "notice confirmed attendance": {"task": "activities.notice_attendance", "schedule": crontab(minute="*/10")},
    "forget old sign-ins": {"task": "teams.forget_sign_ins", "schedule": crontab(minute=40, hour=3)},
    "seal the trail": {"task": "teams.seal_trail", "schedule": crontab(minute="*/10")},
    "draw spot checks": {
        "task": "assessments.draw_spot_checks",
        "schedule": crontab(minute=20, hour=0, day_of_week="mon"),
    },
    "settle plans of checks": {"task": "assessments.settle_plans", "schedule": crontab(minute=25, hour=0)},
    "check studios": {"task": "assessments.check_studios", "schedule": crontab(minute=35, hour=0)},
    "check titles": {"task": "assessments.check_titles", "schedule": crontab(minute=45, hour=0)},
    "verify the ledger": {"task": "incentives.verify_ledger", "schedule": crontab(minute=10, hour=3)},
    "close notices of boards": {"task": "bulletins.close_notices", "schedule": crontab(minute=15, hour=0)},
    "note the heads of the boards": {"task": "bulletins.note_heads", "schedule": crontab(minute=50, hour=23)},
    "verify the boards": {"task": "bulletins.verify_boards", "schedule": crontab(minute=20, hour=3)},
    "escalate objections": {"task": "bulletins.escalate_objections", "schedule": crontab(minute=15, hour=0)},
    "refresh running scores": {"task": "assessments.refresh_running_scores", "schedule": crontab(minute=30, hour=2)},
}

## LOGS

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "axes": {"level": "WARNING"},
    },
}
