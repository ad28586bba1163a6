"""Settings, all from the environment (docs/guides/administrator.md lists them). No secret stands here."""

import os
from pathlib import Path
from urllib.parse import unquote, urlparse

BASE = Path(__file__).resolve().parent.parent
CHECKOUT = BASE.parent.parent

MINGZHENG_MODE = os.environ.get("MINGZHENG_MODE", "production")  # production | demo | rehearsal | test
MINGZHENG_STATE = Path(os.environ.get("MINGZHENG_STATE", CHECKOUT / ".data" / "state"))
MINGZHENG_CENTRE = os.environ.get("MINGZHENG_CENTRE", "云州市公共资源交易中心")
MINGZHENG_ORIGIN = os.environ.get("MINGZHENG_ORIGIN", "mingzheng.example/yunzhou")
MINGZHENG_ADDRESS = os.environ.get("MINGZHENG_ADDRESS", "http://127.0.0.1:8000")
MINGZHENG_SUITE = os.environ.get("MINGZHENG_SUITE", "INTL-1")
MINGZHENG_TICK_SECONDS = float(os.environ.get("MINGZHENG_TICK_SECONDS", "5"))
MINGZHENG_COSIGNERS = [c for c in os.environ.get("MINGZHENG_COSIGNERS", "").split(",") if c]
MINGZHENG_PROFILES = os.environ.get("MINGZHENG_PROFILES", "RG,GF,ZB").split(",")
MINGZHENG_COMPLAINT_PHONE = os.environ.get("MINGZHENG_COMPLAINT_PHONE", "0990-88000110")
MINGZHENG_COMPLAINT_MAILBOX = os.environ.get("MINGZHENG_COMPLAINT_MAILBOX", "jiandu@yunzhou.example")
MINGZHENG_CERTIFICATE_NOTICE_DAYS = int(os.environ.get("MINGZHENG_CERTIFICATE_NOTICE_DAYS", "30"))
MINGZHENG_DEPOSIT_RATE = os.environ.get("MINGZHENG_DEPOSIT_RATE", "0.0005")  # the deposit bank's yearly rate
# Papers: off | demo (key and time-stamps of this deployment's own authority) | files (keys/document-seal.pem, .crt)
# | token (a PKCS#11 token has the key: module, label, keys/document-seal.pin, .crt)
MINGZHENG_PAPER_SEAL = os.environ.get(
    "MINGZHENG_PAPER_SEAL", "demo" if MINGZHENG_MODE in ("demo", "rehearsal") else "off"
)
MINGZHENG_SEAL_MODULE = os.environ.get("MINGZHENG_SEAL_MODULE", "")  # path of the token's PKCS#11 module
MINGZHENG_SEAL_TOKEN = os.environ.get("MINGZHENG_SEAL_TOKEN", "")  # label of the token
MINGZHENG_SEAL_KEY = os.environ.get("MINGZHENG_SEAL_KEY", "")  # label of its key, where it has several
MINGZHENG_TIMESTAMPS = os.environ.get("MINGZHENG_TIMESTAMPS", "")  # address of a time-stamp authority (RFC 3161)
SIMULATED = MINGZHENG_MODE in ("demo", "rehearsal", "test")
# Requests a visitor may make, times this (site/limits.py); 0: no limit. Rehearsals play whole tenders from one address.
MINGZHENG_LIMITS = float(os.environ.get("MINGZHENG_LIMITS", {"production": "1", "demo": "10"}.get(MINGZHENG_MODE, "0")))
# The port of signing agents for hardware keys on people's own machines (docs/formats/signing-agent.md); 0: none. SM2 has none yet.
MINGZHENG_SIGNING_AGENT = int(
    os.environ.get("MINGZHENG_SIGNING_AGENT", "18737" if MINGZHENG_SUITE == "INTL-1" else "0") or 0
)
MINGZHENG_SCANNER = os.environ.get("MINGZHENG_SCANNER", "")  # a virus scanner (clamd): path of its socket, or host:port

DEBUG = False
ALLOWED_HOSTS = os.environ.get("MINGZHENG_HOSTS", "127.0.0.1,localhost,testserver").split(",")


def _secret() -> str:
    """Django's signing key: a file of the deployment outside the database, made at first start."""
    path = MINGZHENG_STATE / "keys" / "django.key"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f".django.{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(os.urandom(48).hex())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii")


SECRET_KEY = _secret()

STAGES = [
    "parties", "notifying", "procedures", "issuing", "consulting", "tendering", "deposits", "bidding", "opening", "evaluation", "award", "archiving",
]  # fmt: skip
READER_APPS = ["portal", "hall", "receipts"]


def _present(package: str, names: list[str]) -> list[str]:
    return [f"mingzheng.{package}.{n}" for n in names if (BASE / package / n / "apps.py").exists()]


INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "mingzheng.ledger",
    *_present("stages", STAGES),
    *_present("readers", READER_APPS),
    "mingzheng.site",
]

MIDDLEWARE = [
    "mingzheng.site.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "mingzheng.site.middleware.acting_person",
    "mingzheng.site.middleware.limited_requests",
    "mingzheng.site.middleware.refusals_become_answers",
]

ROOT_URLCONF = "mingzheng.site.urls"
ASGI_APPLICATION = "mingzheng.site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.template.context_processors.i18n",
                "mingzheng.site.context.everywhere",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    parts = urlparse(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", "") or parts.hostname or ""),
        "PORT": str(query.get("port", "") or parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 5},
        "TEST": {"TEMPLATE": "template0"},
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///mingzheng"))}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = None

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE / "static"]
STATIC_ROOT = MINGZHENG_STATE / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = SIMULATED

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_COOKIE_NAME = "mz_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ENGINE = "mingzheng.site.sessions"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # our scripts read the token from the page
CSRF_FAILURE_VIEW = "mingzheng.site.failures.csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
if not SIMULATED:
    SECURE_SSL_REDIRECT = os.environ.get("MINGZHENG_BEHIND_TLS", "1") == "1"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-mz_session", "__Host-csrftoken"  # no other host may set them
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = os.environ.get("MINGZHENG_HSTS_SUBDOMAINS", "0") == "1"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"database_away": {"()": "mingzheng.site.logs.DatabaseAway"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["database_away"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
