"""One settings file, read from the environment, safe by default.

Nothing configured: the program serves this machine alone (loopback names, SQLite and keys in `var/`).
`KSCMP_HOSTS` names the hosts it is served under; then it speaks HTTPS only and its secrets must be given.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from kscmp_review import databases, keys, mail, sign_in

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("KSCMP_VAR", BASE_DIR / "var"))

HOSTS = [host.strip() for host in os.environ.get("KSCMP_HOSTS", "").split(",") if host.strip()]
LOCAL = not HOSTS
DEBUG = os.environ.get("KSCMP_DEBUG") == "1"
if DEBUG and not LOCAL:
    raise ImproperlyConfigured("KSCMP_DEBUG may be set only where KSCMP_HOSTS is not")
if "*" in HOSTS:
    raise ImproperlyConfigured("KSCMP_HOSTS must name each host; * is refused")
ALLOWED_HOSTS = HOSTS or ["127.0.0.1", "localhost", "[::1]"]

SECRET_KEY = keys.secret_key(VAR_DIR, local=LOCAL)
RECORD_KEYS = keys.record_keys(VAR_DIR, local=LOCAL)
# A file kept elsewhere, by which `verify_audit` finds that the newest events were cut off.
AUDIT_ANCHOR = os.environ.get("KSCMP_AUDIT_ANCHOR", "")
# Who is sent the same by e-mail: a mailbox is kept by others than the database is.
AUDIT_ANCHOR_EMAIL = os.environ.get("KSCMP_AUDIT_ANCHOR_EMAIL", "")
# A file kept outside the database and its backups: what a restore has to erase again.
ERASURE_LEDGER = os.environ.get("KSCMP_ERASURE_LEDGER", "") or str(VAR_DIR / "erasures")
ORGANISATION_NAME = os.environ.get("KSCMP_ORGANISATION", "Safeguarding Children Partnership")
SERVICE_NAME = "Positive practice review"

INSTALLED_APPS = [
    "kscmp_review.accounts",
    "kscmp_review.audit",
    "kscmp_review.backup",
    "cases",
    "themes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "csp",
    "django_htmx",
    "simple_history",
]

MIDDLEWARE = [
    "kscmp_review.operations.requests.follow",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kscmp_review.accounts.middleware.AccountOfSession",
    "kscmp_review.accounts.middleware.limit_session",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "kscmp_review.accounts.middleware.DemandSecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kscmp_review.accounts.middleware.never_store",
    "kscmp_review.audit.middleware.RecordDenials",
]

ROOT_URLCONF = "kscmp_review.urls"
WSGI_APPLICATION = "kscmp_review.wsgi.application"

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
                "kscmp_review.wiring.house",
                "kscmp_review.wiring.review_navigation",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["govuk"]
CRISPY_TEMPLATE_PACK = "govuk"

DATABASES = {
    "default": databases.primary(
        os.environ.get("DATABASE_URL", f"sqlite:///{VAR_DIR / 'kscmp_review.sqlite3'}")
    )
}
if replica_url := os.environ.get("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = databases.replica(replica_url, of=DATABASES["default"])
    DATABASE_ROUTERS = ["kscmp_review.replica.router.Router"]
    MIDDLEWARE.insert(
        MIDDLEWARE.index("kscmp_review.accounts.middleware.limit_session"),
        "kscmp_review.replica.middleware.stamp_changes",
    )
# Every database is then reached through PgBouncer in transaction mode.
PGBOUNCER = os.environ.get("KSCMP_PGBOUNCER") == "1"
if PGBOUNCER:
    DATABASES = {alias: databases.through_pgbouncer(each) for alias, each in DATABASES.items()}
# Further behind than this, a replica is asked nothing.
REPLICA_SECONDS = float(os.environ.get("KSCMP_REPLICA_SECONDS", "10"))
REPLICA_COOKIE_NAME = "changed" if LOCAL else "__Host-changed"
if DATABASES["default"]["ENGINE"] == databases.SQLITE:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    # Writers queue from their first statement, so that none fails on upgrading a read lock.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON",
    }
    # A file, not memory: races between connections are part of what is tested.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all workers, so that a throttle counts the whole service.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # Far more than throttles ever need: a full cache forgets, and a forgotten throttle lets guesses in.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "kscmp_review.accounts.passwords.NotEasilyGuessed"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "kscmp_review.accounts.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/5m/key,20/5m/ip",
    "reset_password": "20/5m/ip,5/5m/key",
    "reset_password_from_key": "20/5m/ip",
    "invitation": "20/5m/ip",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SERVICE_NAME}: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Of the links by which a password is set.
PASSWORD_RESET_TIMEOUT = 3600
# How many proxies of ours stand in front: 0 believes no X-Forwarded-For, so that a forged one helps nobody.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("KSCMP_TRUSTED_PROXIES", "0"))

# Every role but board reader shows a second factor; see kscmp_review.accounts.second_factor.
SECOND_FACTOR_DEMANDED = sign_in.second_factor_demanded(
    os.environ.get("KSCMP_SECOND_FACTOR", ""), local=LOCAL
)
MFA_ADAPTER = "kscmp_review.accounts.adapter.SealedSecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "kscmp_review.accounts.code_forms.CodeForm",
    "reauthenticate": "kscmp_review.accounts.code_forms.CodeAgainForm",
    "activate_totp": "kscmp_review.accounts.code_forms.AuthenticatorAppForm",
    "login_webauthn": "kscmp_review.accounts.code_forms.PasskeyAloneForm",
    "authenticate_webauthn": "kscmp_review.accounts.code_forms.PasskeyForm",
    "reauthenticate_webauthn": "kscmp_review.accounts.code_forms.PasskeyAgainForm",
}
# A clock half a minute off is forgiven: no code is taken twice all the same.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = SERVICE_NAME
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL

# Signing in with an account at work (OpenID Connect, such as Microsoft Entra): off unless configured.
WORK_ACCOUNTS = sign_in.provider(os.environ, local=LOCAL)
WORK_ACCOUNT_PROVIDER = sign_in.PROVIDER
SOCIALACCOUNT_ADAPTER = "kscmp_review.accounts.work_account.LinkedOnly"
SOCIALACCOUNT_PROVIDERS = sign_in.social_providers(WORK_ACCOUNTS)
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5

SESSION_ENGINE = "kscmp_review.accounts.session_store"
SESSION_IDLE_MINUTES = 30
SESSION_ABSOLUTE_HOURS = 8
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kscmp_review.views.csrf_failure"
if not LOCAL:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
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

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A sheet is at most this large; its contents are bounded again when it is read.
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["kscmp_review.formats"]

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "var" / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG or os.environ.get("KSCMP_PLAIN_STATIC") == "1"
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

BASE_URL = mail.base_url(os.environ.get("KSCMP_BASE_URL", ""), HOSTS, os.environ.get("PORT", "8000"))
MAIL_SERVER = mail.mail_server(os.environ.get("KSCMP_SMTP_URL", ""))
MAIL_SERVER_CONFIGURED = MAIL_SERVER is not None
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("KSCMP_FROM_EMAIL", "no-reply@kscmp.example")
# A page sends what it causes: a mail server that does not answer must not hold it up.
EMAIL_TIMEOUT = 4
if MAIL_SERVER is not None:
    EMAIL_HOST, EMAIL_PORT = MAIL_SERVER.host, MAIL_SERVER.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER.user, MAIL_SERVER.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_SERVER.tls == "starttls", MAIL_SERVER.tls == "implicit"

# Whoever brings this token reads the metrics; without one nothing is counted.
METRICS_TOKEN = keys.metrics_token()
METRICS_FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "safe": {"()": "kscmp_review.operations.logs.SafeJson"},
        "plain": {"format": "%(levelname)s %(name)s %(message)s"},
    },
    # What people typed may stand in a message: it is printed only to whoever develops with invented records.
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain" if DEBUG else "safe"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"kscmp_review.operations.requests": {"level": "WARNING" if LOCAL else "INFO"}},
}

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS: list[str] = []
