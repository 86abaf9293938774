"""The one settings file. Everything a clinic may change is read from the environment, and named here."""

import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from shoshin.kit import sqlite

sqlite.prefer_newer_library()
env = environ.Env()

PACKAGE = Path(__file__).resolve().parent
HOME = Path(env.str("SHOSHIN_HOME", default="") or "var").absolute()
HOME.mkdir(parents=True, exist_ok=True, mode=0o700)

# Demo mode is declared, never assumed: made-up clients, sign-in without passwords, on this machine only.
DEMO = env.bool("SHOSHIN_DEMO", default=False)
DEBUG = env.bool("SHOSHIN_DEBUG", default=False)
# Refuse, too, what is only warned of: see kit/boot.py.
STRICT = env.bool("SHOSHIN_STRICT", default=False)


def _secret_key() -> str:
    """The operator's key, or one made on the first start and kept beside the data, readable by its owner only."""
    kept = HOME / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(64))
    return kept.read_text().strip()


SECRET_KEY = env.str("SHOSHIN_SECRET_KEY", default="") or _secret_key()

# The https address clients reach, as `https://forms.example.org`. Links and QR codes are offered only when it is set.
PUBLIC_ADDRESS = env.str("SHOSHIN_PUBLIC_ADDRESS", default="").rstrip("/")
if PUBLIC_ADDRESS and not PUBLIC_ADDRESS.startswith("https://"):
    raise ImproperlyConfigured("SHOSHIN_PUBLIC_ADDRESS begins with https://, because clients answer at it")
_public_host = PUBLIC_ADDRESS.removeprefix("https://").split(":")[0]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *([_public_host] if _public_host else [])]
ALLOWED_HOSTS += env.list("SHOSHIN_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS] if PUBLIC_ADDRESS else []
SECURE = PUBLIC_ADDRESS.startswith("https://")
BEHIND_PROXY = env.bool("SHOSHIN_BEHIND_PROXY", default=False)
# Behind a proxy every sender looks like this machine, so that being here proves nothing about who asks.
REACHED_FROM_OUTSIDE = SECURE or BEHIND_PROXY
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Limits count by the address the proxy saw, not by the proxy's own: how many proxies of ours stand in front.
PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.int("SHOSHIN_PROXIES", default=1) if BEHIND_PROXY else 0

INSTALLED_APPS = [
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
    "shoshin.kit",
    "shoshin.design",
    "shoshin.people",
    "shoshin.measures",
    "shoshin.welfare",
    "shoshin.care",
    "shoshin.practice",
    "shoshin.feedback",
    "shoshin.growth",
    "shoshin.community",
    "shoshin.research",
    "shoshin.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "shoshin.kit.headers.QuietHeaders",
    "csp.middleware.CSPMiddleware",
    "shoshin.kit.readable.RefuseUnreadable",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shoshin.people.views.SessionHours",
    "shoshin.people.views.MembershipMiddleware",
    "shoshin.kit.policy.PolicyMiddleware",
]

ROOT_URLCONF = "shoshin.urls"
WSGI_APPLICATION = "shoshin.wsgi.application"
ROUTE_POLICY = "shoshin.policy.POLICY"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "design" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shoshin.feedback.queries.banner.banner",
            ]
        },
    }
]

DATABASES = {"default": env.db_url("SHOSHIN_DATABASE", default=f"sqlite:///{HOME / 'shoshin.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at the start, so that two writers queue instead of failing half-way.
    DATABASES["default"]["ENGINE"] = "shoshin.kit.sqlite"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "init_command": sqlite.pragmas(),
        "timeout": 20,
    }
    # Tests use a file as a clinic does: an SQLite in memory, shared by threads, locks whole tables.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 60
# On PostgreSQL two roles are best: one owns the tables and is used by `shoshin setup` alone, one serves the pages.
if owner := env.str("SHOSHIN_OWNER_DATABASE", default=""):
    DATABASES["owner"] = env.db_url_config(owner)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Whom backups are encrypted to. The private parts are never here.
BACKUP_KEYS = env.list("SHOSHIN_BACKUP_KEY", default=[])

# What wraps the keys of recordings, where it should not lie on the same disk; else one is made in `keys/`.
MEDIA_KEY = env.str("SHOSHIN_MEDIA_KEY", default="")

# Shared by all processes: limits, and codes that were used once, count across them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # Beyond this number the oldest thirds are dropped; with Django's 300 a flood of tries would wipe the limits.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

# Whose record a row of the audit trail is about: the link of this name, on the row or on what it hangs on.
AUDIT_ABOUT = "client"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
NO_MEMBERSHIP_URL = "people:no_clinic"
ACCOUNT_ADAPTER = "shoshin.people.views.ClosedDoorAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser: therapists share machines
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = False  # allauth would mail the address of its own table, which we do not fill

# A second factor before any client's data: a passkey, or an authenticator app. The demo alone needs none.
SECOND_FACTOR_URL = "people:set_up_factor"
PROVES_AGAIN = "shoshin.people.views.door.asks_to_prove_again"
MFA_ADAPTER = "shoshin.people.views.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "shoshin.people.forms.factors.ActivateTotpForm",
    "add_webauthn": "shoshin.people.forms.factors.AddPasskeyForm",
}
MFA_TOTP_ISSUER = "Shoshin"
# No tolerance: a used code is remembered for one period, so a longer-lived code could be used twice.
MFA_TOTP_TOLERANCE = 0
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"

SESSION_ENGINE = "shoshin.people.models"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SILENCED_SYSTEM_CHECKS: list[str] = []

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

# Without a mail server the terminal shows what would have been sent (password resets only, so far).
EMAIL = env.email_url("SHOSHIN_EMAIL", default="consolemail://")
vars().update(EMAIL)
EMAIL_TIMEOUT = 20  # seconds: a mail server that hangs holds up neither a page nor the worker for long
DEFAULT_FROM_EMAIL = env.str("SHOSHIN_FROM", default="no-reply@localhost")

# One more way to say that something waits: a webhook, or a topic of ntfy. The message has no content.
ALERT_WEBHOOK = env.str("SHOSHIN_ALERT_WEBHOOK", default="")
ALERT_NTFY = env.str("SHOSHIN_ALERT_NTFY", default="")

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"quiet": {"()": "shoshin.kit.logs.QuietFormatter"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "quiet"}},
    # Refusals (404, 403) are no news; a fault is written with its traceback, and without addresses that open something.
    "loggers": {"django.request": {"handlers": ["terminal"], "level": "ERROR", "propagate": False}},
    # Whatever else has something to say, libraries among them, says it through the same formatter.
    "root": {"handlers": ["terminal"], "level": "WARNING"},
}
