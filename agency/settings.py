"""Settings: everything that differs between machines comes from the environment (the table is in README.md).

`DEBUG=1` is embedded mode: one machine, SQLite, a broker without a server, mail into a page of the browser. Nothing is
required then. Without it (production) every value below marked as required must be set; a missing or malformed one stops
start-up with one sentence. `make setup` writes a `.env` for embedded mode; a real environment wins over that file.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from bootstrap_wrapper import get_bootstrap_css_dir, get_bootstrap_js_dir
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu.entity import Queue

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
env.read_env(BASE_DIR / ".env")

if env.str("DEBUG", "0") not in ("", "0", "1"):
    raise ImproperlyConfigured("DEBUG must be 1 (embedded mode) or 0 (production).")
EMBEDDED = env.str("DEBUG", "0") == "1"
# Django's own debug mode stays off even in embedded mode, so that what people try is what runs in production:
# the same error pages, the same headers, no growing query log.
DEBUG = False


def required(name: str, example: str, embedded: str) -> str:
    """The value of `name`; in embedded mode a default; in production a sentence when it is missing."""
    value = env.str(name, "")
    if value:
        return value
    if EMBEDDED:
        return embedded
    raise ImproperlyConfigured(f"{name} is not set. Set it in the environment, for example {name}={example}")


def number(name: str, default: int) -> int:
    value = env.str(name, str(default))
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def parsed_url(name: str, value: str, schemes: tuple[str, ...]) -> str:
    if urlsplit(value).scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must start with one of {', '.join(f'{s}:' for s in schemes)}.")
    return value


# Who we are and where
SECRET_KEY = required("SECRET_KEY", "$(openssl rand -base64 48)", "embedded-mode-only-0123456789abcdefghijklmnopqrstuvwxyz")
if len(SECRET_KEY) < 40:
    raise ImproperlyConfigured("SECRET_KEY must be at least 40 characters long.")
# The key of the emailed links: apart from SECRET_KEY so that either can be changed without the other.
LINK_KEY = required("LINK_KEY", "$(openssl rand -base64 48)", "embedded-mode-links-0123456789abcdefghijklmnopqrstuvwxyz")
SITE_URL = parsed_url(
    "SITE_URL", required("SITE_URL", "https://sign.agency.example", "http://127.0.0.1:8000"), ("http", "https")
).rstrip("/")
ALLOWED_HOSTS = [
    host.strip() for host in required("ALLOWED_HOSTS", "sign.agency.example", "127.0.0.1,localhost").split(",") if host.strip()
]
HTTPS = SITE_URL.startswith("https:")
if not EMBEDDED and not HTTPS:
    raise ImproperlyConfigured("SITE_URL must start with https: in production.")

INSTALLED_APPS = [
    "agency",
    "accounts",
    "signoffs",
    "jobsheets",
    "meetings",
    "billing",
    "reporting",
    "desk",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "lucide",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "agency.compression.CompressPages",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.PersonMiddleware",
    "desk.room.RoomMiddleware",
    "agency.once.OnceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "desk.views.errors.RefusalMiddleware",
]

ROOT_URLCONF = "agency.urls"
WSGI_APPLICATION = "agency.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

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
                "desk.context_processors.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "agency.templatetags.countersign",
                "accounts.templatetags.permissions",
            ],
        },
    }
]

# Database: PostgreSQL in production; SQLite in WAL mode with immediate transactions for trying out.
_database_url = parsed_url(
    "DATABASE_URL",
    required("DATABASE_URL", "postgres://user:password@host:5432/countersign", f"sqlite:///{VAR_DIR / 'countersign.sqlite3'}"),
    ("postgres", "postgresql", "sqlite") if EMBEDDED else ("postgres", "postgresql"),
)
DATABASES = {"default": env.db_url_config(_database_url)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # PostgreSQL compiles what it thinks expensive: twenty milliseconds for questions that take two.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Celery: the broker only rings; rows in the database say what is due.
CELERY_BROKER_URL = parsed_url(
    "CELERY_BROKER_URL",
    required("CELERY_BROKER_URL", "redis://host:6379/0", f"sqla+sqlite:///{VAR_DIR / 'broker.sqlite3'}"),
    ("redis", "rediss", "sentinel", "sqla+sqlite", "memory") if EMBEDDED else ("redis", "rediss", "sentinel"),
)
if CELERY_BROKER_URL.startswith("redis"):
    # Whoever rings while the broker is down must not stand at the door for six seconds, as by Celery's defaults: the sweep rings again.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 180
CELERY_TASK_SOFT_TIME_LIMIT = 150
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 10_000  # a new child loads renderer and fonts again; memory is watched by itself
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 500_000  # kB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker that gave up on a broker would need somebody to start it again
CELERY_TIMEZONE = "UTC"
# Beat rings in a queue of its own, and workers take from both in turn: a thousand waiting PDFs must not keep the sweep from its minute.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("beat")]
# The whole schedule on one screen. Each task asks "what is due since": a missed run catches up, a double run changes nothing.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep": {"task": "agency.tasks.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "status reports": {
        "task": "reporting.tasks.send_due_reports",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 280},
    },
    "chase": {"task": "billing.tasks.chase_payments", "schedule": crontab(minute="*/15"), "options": {"expires": 800}},
    "sign-off reminders": {
        "task": "signoffs.tasks.remind_and_expire",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 500},
    },
    "closed chain heads": {
        "task": "signoffs.tasks.mail_chain_heads",
        "schedule": crontab(minute=20),
        "options": {"expires": 3000},
    },
}
for _entry in CELERY_BEAT_SCHEDULE.values():
    _entry["options"]["queue"] = "beat"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# Cache: rate limits need one that all processes share, and that goes on counting while Redis is away (agency/cache.py).
_IN_DATABASE: dict[str, Any] = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "django_cache",
    "TIMEOUT": 3600,  # the longest that anything is counted
    "OPTIONS": {"MAX_ENTRIES": 10_000},
}
CACHES: dict[str, dict[str, Any]] = {"default": _IN_DATABASE}
if CELERY_BROKER_URL.startswith("redis"):
    CACHES = {"default": {"BACKEND": "agency.cache.SteadyCache", "LOCATION": CELERY_BROKER_URL}, "database": _IN_DATABASE}

# Mail: the outbox (agency/mail.py) sends through this; in embedded mode without EMAIL_URL mail ends in the mailbox page.
MAILBOX = EMBEDDED and not env.str("EMAIL_URL", "")
if MAILBOX:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
else:
    _email_url = required("EMAIL_URL", "smtp+tls://user:password@host:587", "")
    vars().update(env.email_url_config(parsed_url("EMAIL_URL", _email_url, ("smtp", "smtps", "smtp+tls", "smtp+ssl"))))
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = required("DEFAULT_FROM_EMAIL", "approvals@agency.example", "approvals@agency.example")

# Files: a folder, or S3 through django-storages when MEDIA_ROOT starts with s3://
MEDIA_ROOT = required("MEDIA_ROOT", "/srv/countersign/media", str(VAR_DIR / "media"))
MEDIA_URL = "/not-served/"  # stored files are only ever streamed by views that check who asks
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if MEDIA_ROOT.startswith("s3://"):
    bucket, _slash, prefix = MEDIA_ROOT.removeprefix("s3://").partition("/")
    STORAGES["default"] = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {"bucket_name": bucket, "location": prefix}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "agency.files.uploads.UploadHandler"]
UPLOAD_MAX_BYTES = number("UPLOAD_MAX_MB", 200) * 1024 * 1024

# The certificate that seals signed documents; in embedded mode one is made in var/ at set-up.
SEAL_PKCS12 = required("SEAL_PKCS12", "/etc/countersign/seal.p12", str(VAR_DIR / "seal.p12"))
SEAL_PASSPHRASE = required("SEAL_PASSPHRASE", "…", "countersign")
# How many proxies stand in front of us: the client's address is taken that many places from the right of X-Forwarded-For.
TRUSTED_PROXIES = number("TRUSTED_PROXIES", 0)

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(VAR_DIR / "static"))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap/css", get_bootstrap_css_dir()),
    ("bootstrap/js", get_bootstrap_js_dir()),
]
WHITENOISE_USE_FINDERS = EMBEDDED
WHITENOISE_AUTOREFRESH = False

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.ColleagueBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True  # until SESSION_COOKIE_AGE is over
# Attempts a minute and address of the client; failures also per login, which slows a guesser but not the owner elsewhere.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,3/10m/key"}
ACCOUNT_FORMS = {
    "login": "accounts.forms.login.LoginForm",
    "reset_password": "accounts.forms.login.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.login.ResetPasswordKeyForm",
    "change_password": "accounts.forms.login.ChangePasswordForm",
    "reauthenticate": "accounts.forms.login.ReauthenticateForm",
}
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.login.AuthenticateForm",
    "reauthenticate": "accounts.forms.login.SecondReauthenticateForm",
    "activate_totp": "accounts.forms.login.ActivateTOTPForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Countersign"

# Languages
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("ru", "Русский"), ("zh-hans", "简体中文"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Headers
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "desk.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "frame-src": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture")
}

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"mask_links": {"()": "agency.logs.MaskLinks"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["mask_links"], "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Django and web servers log whole paths through handlers of their own: take those away, so that no link's token
        # gets by the mask.
        **{
            name: {"handlers": ["console"], "level": "INFO", "propagate": False}
            for name in ("django.server", "gunicorn.error", "gunicorn.access")
        },
        "django": {"handlers": [], "level": "INFO"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
        "pyhanko": {"level": "WARNING"},
        "pyhanko_certvalidator": {"level": "WARNING"},
    },
}
