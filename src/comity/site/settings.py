"""Settings of the gateway: few, from the environment, safe without any.

COMITY_HOME      folder for database, keys and files (default: ./var)
COMITY_DATABASE  postgresql://user:password@host:port/name?sslmode=verify-full (default: SQLite
                 in COMITY_HOME); what stands behind the ? goes to libpq as it is
COMITY_HOST      name users browse to (default: localhost; several with commas)
COMITY_PORT      port to serve at (default: 8000)
COMITY_HTTPS     "1" when a proxy in front speaks TLS: secure cookies, HSTS
COMITY_SECRET_KEY  signs sessions and links (default: made at first start, kept in COMITY_HOME)
COMITY_NAME      name of this gateway in the masthead
COMITY_METRICS_TOKEN  who sends it as X-Metrics-Token may read /metrics (default: this machine only)
COMITY_OPERATOR  who runs it, in the foot of each page
COMITY_EVENTS_INBOX  watched folder of reports; COMITY_HOME/events/inbox
COMITY_CHECK_LINKS  "1": at night a thirtieth of the links of tools and trainings is opened
COMITY_IATI      identifier of the organisation that reports, in IATI files (as XM-DAC-41122)
COMITY_CONTACT   mailto:… or https://… for help and for reports of weaknesses (security.txt)
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from comity.site import home, logs
from comity.site.keys import digest_key, secret_key, signing_key


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65535):
        raise ValueError(f"COMITY_PORT is a number from 1 to 65535, not {text[:20]!a}")
    return int(text)


HOME = home.close(Path(os.environ.get("COMITY_HOME", "var")).resolve())
HOST = os.environ.get("COMITY_HOST", "localhost")
PORT = _port(os.environ.get("COMITY_PORT", "8000"))
HTTPS = os.environ.get("COMITY_HTTPS") == "1"
GATEWAY_NAME = os.environ.get("COMITY_NAME", "")  # empty: "Cybersecurity gateway", translated
OPERATOR = os.environ.get("COMITY_OPERATOR", "")
CONTACT = os.environ.get("COMITY_CONTACT", "")
EVENTS_INBOX = Path(os.environ.get("COMITY_EVENTS_INBOX", HOME / "events" / "inbox"))
CHECK_LINKS = os.environ.get("COMITY_CHECK_LINKS", "") == "1"
IATI_ORGANISATION = os.environ.get("COMITY_IATI", "")
METRICS_TOKEN = os.environ.get("COMITY_METRICS_TOKEN", "")
REGISTRY_KINDS = HOME / "kinds"  # the operator's own kinds of entries, one YAML each
HERE = Path(__file__).resolve().parent
ROOMS = HERE.parent

SECRET_KEY = secret_key(HOME)
LEDGER_DIGEST_KEY = digest_key(HOME)
LEDGER_SIGNING_KEY = signing_key(HOME)
DEBUG = False
ALLOWED_HOSTS = [*HOST.split(","), "localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",  # the tables are gathered in site/admin.py
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "comity.ledger",
    "comity.people",
    "comity.directory",
    "comity.mandate",
    "comity.registry",
    "comity.events",
    "comity.report",
    "comity.site",
]

MIDDLEWARE = [
    "comity.site.middleware.Measured",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Safe with secrets in a page: Django pads at random and masks the form token (BREACH, ADR 3).
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "comity.site.theme.ThemeByLink",
    "comity.site.languages.LanguageOfAddress",
    "comity.site.middleware.ProblemsOnly",
    "comity.site.middleware.HeadOfApi",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "comity.site.middleware.Freshness",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "comity.site.urls"
WSGI_APPLICATION = "comity.site.wsgi.application"
AUTH_USER_MODEL = "people.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "comity.site.context.house",
            ],
        },
    },
]


def _database(url: str) -> dict[str, object]:
    """SQLite in HOME, or the PostgreSQL that COMITY_DATABASE names."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "comity.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # WAL lets readers go on while one writes; NORMAL would lose the last commits at a
                # power cut, and "accepted means stored" is a promise.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728;",
            },
        }
    try:
        parts = urlsplit(url)
        name, port = parts.path.lstrip("/") or "comity", parts.port or ""
    except ValueError:
        parts, name, port = urlsplit(""), "", ""
    if parts.scheme not in ("postgresql", "postgres"):  # the address itself may hold a password
        raise ValueError(
            "COMITY_DATABASE is postgresql://user:password@host:port/name, with signs in the "
            "password percent-encoded; for SQLite leave it out and set COMITY_HOME"
        )
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": port,
        "OPTIONS": options,  # sslmode, sslrootcert, connect_timeout: libpq's own words
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database(os.environ.get("COMITY_DATABASE", ""))}

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("ar", "العربية"),
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("zh-hans", "中文"),
]
LOCALE_PATHS = [p for p in sorted(ROOMS.glob("*/locale")) if p.is_dir()]  # one a room

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a folder that is not there
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# No inline script, no inline style, no other host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "comity.site.faults.not_verified"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024  # the largest draft taken is 5 MB
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- accounts
# COMITY_MAIL       smtp://user:password@host:port (smtps:// for TLS from the start); without it
#                   nobody can reset a password by mail, and the page says what to do instead
# COMITY_MAIL_FROM  the sender's address
INSTALLED_APPS += ["allauth.usersessions", "django.forms"]
MIDDLEWARE += [
    "comity.people.middleware.ViewerMiddleware",
    "comity.site.middleware.PlainAddress",
]
TEMPLATES[0]["DIRS"].append(ROOMS / "people" / "templates")  # before allauth's own pages

# One cache for all processes, in the database: the rate limits of sign-in are counted there.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_cache",
        "KEY_FUNCTION": "comity.people.accounts.cache_key",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTHENTICATION_BACKENDS = ["comity.people.accounts.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
ACCOUNT_LOGOUT_REDIRECT_URL = "root"
ACCOUNT_ADAPTER = "comity.people.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are entered by an administrator
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {
    "login": "comity.people.forms.SignIn",
    "change_password": "comity.people.forms.ChangePassword",
    "set_password": "comity.people.forms.SetPassword",
    "reset_password": "comity.people.forms.ResetPassword",
    "reset_password_from_key": "comity.people.forms.NewPassword",
    "reauthenticate": "comity.people.forms.ByPassword",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
MFA_ADAPTER = "comity.people.accounts.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
# No tolerance: allauth remembers a used code for one period only, so a code that stayed valid
# for longer could be used twice.
MFA_TOTP_TOLERANCE = 0
MFA_FORMS = {
    "authenticate": "comity.people.forms.SecondFactor",
    "reauthenticate": "comity.people.forms.SecondFactorAgain",
    "activate_totp": "comity.people.forms.ActivateApp",
    "add_webauthn": "comity.people.forms.AddKey",
    "edit_webauthn": "comity.people.forms.RenameKey",
    "authenticate_webauthn": "comity.people.forms.KeyAsSecondFactor",
    "reauthenticate_webauthn": "comity.people.forms.KeyAgain",
    "login_webauthn": "comity.people.forms.Passkey",
}

_mail = urlsplit(os.environ.get("COMITY_MAIL", ""))
MAIL_CONFIGURED = bool(_mail.hostname)
DEFAULT_FROM_EMAIL = os.environ.get("COMITY_MAIL_FROM", f"gateway@{HOST.split(',')[0]}")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_CONFIGURED else 'dummy'}.EmailBackend"
EMAIL_HOST = _mail.hostname or ""
EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = MAIL_CONFIGURED and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 10
# --- end of accounts

LOGGING = logs.configure()

# Jobs live in the database: they commit with their data, and nothing else has to run. Rooms stand
# below the house and do not import it, so they ask for a job by this name.
LATER = "comity.site.jobs.later"
DOSSIER = "comity.report.pages.dossier.beside"  # what the page of a paragraph shows beside its text
HELD_ON_PERSONS = ["comity.report.reads.persons.held_on"]  # what else a person's data are made of
TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["short", "long"]},
}
