"""The product's own settings in the environment of a test run, minus what only costs time."""

from tests import servers

servers.prepare()

from teamhub.settings import *  # noqa: E402, F403
from teamhub.settings import DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# No hashed names, hence no collectstatic before a test; WhiteNoise finds the files where they are.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

# What a test has just posted is seen at once.
BOARD_STAMP_SECONDS = 0

# A test database need not outlive a power cut.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"

# Tasks run in place; tests of the queue itself start a worker with teamhub.settings.
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
