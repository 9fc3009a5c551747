"""Every setting comes from the environment; every default is safe for a laptop."""

from __future__ import annotations

from pathlib import Path

import environ
from celery.schedules import crontab

from webapp.caching import static_caching
from webapp.secret import kept_secret_key

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
# Where the embedded defaults keep their things: database, jobs, secret key.
VAR = Path(env.str("TUNEWRIGHT_VAR", default=str(BASE_DIR / "var"))).resolve()
VAR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret_key(VAR / "secret-key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# True behind https: cookies then travel over https only.
HTTPS = env.bool("HTTPS", default=False)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Compositions a minute. A school shares one address, so that limit is wide.
TUNES_PER_MINUTE_VISITOR = env.int("TUNES_PER_MINUTE_VISITOR", default=10)
TUNES_PER_MINUTE_ADDRESS = env.int("TUNES_PER_MINUTE_ADDRESS", default=120)
# Recordings of spoken prompts a minute; each takes seconds of computing.
RECORDINGS_PER_MINUTE_VISITOR = env.int("RECORDINGS_PER_MINUTE_VISITOR", default=10)
RECORDINGS_PER_MINUTE_ADDRESS = env.int("RECORDINGS_PER_MINUTE_ADDRESS", default=60)
# Requests of programs a minute: of an address without a token, of a token, and of those what writes.
API_PER_MINUTE_ADDRESS = env.int("API_PER_MINUTE_ADDRESS", default=600)
API_PER_MINUTE_TOKEN = env.int("API_PER_MINUTE_TOKEN", default=300)
API_WRITES_PER_MINUTE_TOKEN = env.int("API_WRITES_PER_MINUTE_TOKEN", default=60)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "webapp.accounts",
    "webapp.tunes",
    "webapp.gallery",
    "webapp.ratings",
    "webapp.talk",
    "webapp.moderation",
    "webapp.duels",
    "webapp.renditions",
    "webapp.api",
    "webapp.ops",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "webapp.middleware.content_security_policy",
    "webapp.compression.TextCompression",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "webapp.accounts.middleware.session_seen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "webapp.middleware.listener_cookie",
    "webapp.middleware.too_many_tunes",
]

ROOT_URLCONF = "webapp.urls"
ASGI_APPLICATION = "webapp.asgi.application"
WSGI_APPLICATION = "webapp.wsgi.application"
TEST_RUNNER = "tests.runner.Runner"

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
                "webapp.talk.context.notices",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'tunewright.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # Web and worker write the same file: readers never wait in WAL, writers queue for up to 20 s.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # A file, not memory: an in-memory test database locks across threads.
    _database["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
else:
    # Compiling a question for the processor takes longer than answering it: no page asks for much. And the rows that a
    # word is in are noted one by one, where with less memory whole pages of rows would be looked through.
    _database.setdefault("OPTIONS", {}).setdefault("options", "-c jit=off -c work_mem=32MB")
    # Pages and streams borrow a connection for one question and give it back.
    _database.setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 10, "timeout": 10}
    _database["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://")
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", default="tunes")
CELERY_TASK_IGNORE_RESULT = True  # results live in the tune's own row
CELERY_RESULT_EXPIRES = None  # so there are none to clean up at night
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_TASK_PUBLISH_RETRY = False  # a page must not wait for a broker: the sweeper enqueues what was missed
# Nor may it wait while a broker that is away is tried again and again.
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
# The night's work, sent by webapp/beat.py. What could not be sent for lack of a worker is not done twice the next day.
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat")
CELERY_BEAT_SCHEDULE = {
    task: {"task": task, "schedule": crontab(hour=3, minute=minute), "options": {"expires": 12 * 60 * 60}}
    for minute, task in enumerate(
        (
            "accounts.end_old_sessions",
            "tunes.purge",
            "talk.forget_notices",
            "renditions.forget",
            "duels.night",
            "gallery.recount",
            "api.dump",
        ),
        start=5,
    )
}
if CELERY_BROKER_URL.startswith("filesystem"):
    _jobs = VAR / "broker"
    for _folder in (_jobs / "messages", _jobs / "control"):
        _folder.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        # One folder for both: what the web writes out is what the worker takes in.
        "data_folder_in": str(_jobs / "messages"),
        "data_folder_out": str(_jobs / "messages"),
        "control_folder": str(_jobs / "control"),
        "polling_interval": 0.02,
    }
elif CELERY_BROKER_URL.startswith("redis"):
    # The visibility timeout is longer than the longest task, or the task would run twice.
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"visibility_timeout": 600, "socket_connect_timeout": 2, "socket_timeout": 10}

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # served from where they lie: no collecting step, also with DEBUG off
WHITENOISE_ADD_HEADERS_FUNCTION = static_caching

DUMPS = VAR / "dumps"  # the nightly file of public tunes

# Accounts. Mail goes to the terminal until a server is named; then a new address must be confirmed before it serves.
EMAIL_URL = env.str("EMAIL_URL", default="consolemail://")
vars().update(env.email_url_config(EMAIL_URL))
EMAIL_TIMEOUT = 10  # seconds; a page waits for the server that takes its letter
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default="Tunewright <tunewright@localhost>")
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_REDIRECT_URL = "my-tunes"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional" if EMAIL_URL.startswith("consolemail") else "mandatory"
ACCOUNT_ADAPTER = "webapp.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "webapp.accounts.forms.SignupForm",
    "login": "webapp.accounts.forms.LoginForm",
    "add_email": "webapp.accounts.forms.AddEmailForm",
    "change_password": "webapp.accounts.forms.ChangePasswordForm",
    "set_password": "webapp.accounts.forms.SetPasswordForm",
    "reset_password": "webapp.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "webapp.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "webapp.accounts.forms.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = "strict"  # nobody learns from a form whether an address has an account
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # the password once more before the address changes, or one leaves
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_ADAPTER = "webapp.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Tunewright"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_FORMS = {
    "authenticate": "webapp.accounts.forms.SecondFactorForm",
    "reauthenticate": "webapp.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "webapp.accounts.forms.ActivateForm",
}
USERSESSIONS_TRACK_ACTIVITY = True  # the list shows when; accounts/middleware.py writes it, seldom

# What counts how often somebody tried: one process can count for itself, several need a common place.
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://?max_entries=10000")}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LISTENER_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie for a passing word
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
# W040: SQLite leaves out the columns that an index only carries along, and looks at the row instead.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
X_FRAME_OPTIONS = "DENY"

REST_FRAMEWORK = {
    # Programs come without a session, so there is nothing for a forged request to ride on.
    "DEFAULT_AUTHENTICATION_CLASSES": ["webapp.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["webapp.api.permissions.TokenPermission"],
    "DEFAULT_THROTTLE_CLASSES": [
        "webapp.api.throttles.AddressThrottle",
        "webapp.api.throttles.TokenThrottle",
        "webapp.api.throttles.WriteThrottle",
    ],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["webapp.api.parsers.SmallJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "webapp.api.schema.Schema",
    "EXCEPTION_HANDLER": "webapp.api.errors.exception_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tunewright",
    "DESCRIPTION": "A feeling in words becomes a folk tune, composed note by note.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SORT_OPERATIONS": False,  # as they stand in urls.py
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_NAME_OVERRIDES": {"TuneStatus": "webapp.tunes.models.Status", "PairStatus": "webapp.duels.models.State"},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "webapp.api.schema.describe_events",
    ],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "celery.utils.functional": {"level": "WARNING"},
        # Two lines for each tune, that say no more than its row does.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "kombu.connection": {"level": "ERROR"},  # it warns that files have no host
    },
}
