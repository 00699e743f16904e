"""Settings, read from the environment; production is the default and refuses to start unsafe."""

from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from core.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

OMS_ENV = env("OMS_ENV", default="production")
if OMS_ENV not in {"production", "local", "training"}:
    raise ImproperlyConfigured(f"OMS_ENV is {OMS_ENV!r}; set it to production, local or training.")
IS_PRODUCTION = OMS_ENV == "production"
IS_TRAINING = OMS_ENV == "training"
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
OMS_VAR = Path(env("OMS_VAR", default=str(BASE_DIR / "var")))
OMS_BUILD = env("OMS_BUILD", default="")

if IS_PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG is on in production; unset DEBUG or set OMS_ENV=local.")
if len(SECRET_KEY) < 40 or SECRET_KEY.startswith(("django-insecure", "change")):
    raise ImproperlyConfigured(
        "SECRET_KEY is missing, a default or under 40 characters; "
        "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if IS_PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BASE_URL = env("BASE_URL", default="http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "oms",
    "reports",
    "returns",
    "payments",
    "shipping",
    "orders",
    "customers",
    "inventory",
    "core.apps.CoreConfig",
    "core.apps.RepairConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "django_filters",
    "django_fsm",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "csp",
    "pgtrigger",
]

MIDDLEWARE = [
    "core.middleware.request_identity",
    "core.middleware.response_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.api.door.api_door",  # machines have no session: nothing below this line is theirs
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.acting_user",
    "axes.middleware.AxesMiddleware",
    "core.middleware.Refusals",
]

ROOT_URLCONF = "oms.urls"
WSGI_APPLICATION = "oms.wsgi.application"
AUTH_USER_MODEL = "core.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "core.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database -------------------------------------------------------------------------------
# Waiting for a lock ends after 3 s everywhere; a page's statement after 10 s, a worker's after
# 60 s. Commands (migrations, imports) have no limit on a statement.
DATABASES = {"default": env.db_url("DATABASE_URL")}
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "ATOMIC_REQUESTS": False,
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
}
DATABASES["default"]["OPTIONS"] = {
    # statements that come again are planned once a connection; behind a pooler in transaction
    # mode that does not know prepared statements (PgBouncer before 1.21) set the count to 0
    "server_side_binding": True,
    "prepare_threshold": env.int("OMS_PREPARE_AFTER", default=5) or None,
    **DATABASES["default"].get("OPTIONS", {}),
    "options": f"-c lock_timeout={env.int('OMS_LOCK_TIMEOUT_MS', default=3000)}"
    f" -c statement_timeout={env.int('OMS_STATEMENT_TIMEOUT_MS', default=0)}"
    " -c idle_in_transaction_session_timeout=60000",
}

# --- queue ----------------------------------------------------------------------------------
REDIS_URL = env("REDIS_URL", default="redis://localhost:6379/0")
OMS_WAKES_WORKERS = env.bool("OMS_WAKES_WORKERS", default=True)
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 280
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_timeout": 5,
    "socket_connect_timeout": 3,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(OMS_VAR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep the outbox": {"task": "core.sweep_outbox", "schedule": 5.0},
    "sweep jobs, documents, messages and external operations": {
        "task": "core.sweep_work",
        "schedule": 5.0,
    },
    "take in what shops sent": {"task": "oms.take_deliveries", "schedule": 5.0},
    "send webhooks": {"task": "core.send_webhooks", "schedule": 5.0},
    "clear away what is no longer needed": {
        "task": "core.purge",
        "schedule": crontab(hour=4, minute=10),
    },
    "put failed work before people": {"task": "core.tell_failed_work", "schedule": 300.0},
    "release holds whose time is up": {"task": "orders.release_holds", "schedule": 60.0},
    "score and watch risky orders": {"task": "orders.watch_risk", "schedule": 60.0},
    "say what is usual in each channel": {
        "task": "orders.refresh_usual",
        "schedule": crontab(hour=2, minute=15),
    },
    "end orders that nobody paid": {
        "task": "orders.expire_unpaid",
        "schedule": crontab(minute=10),
    },
    "end quotes whose day has passed": {
        "task": "orders.expire_quotations",
        "schedule": crontab(minute=5),
    },
    "place standing orders that are due": {
        "task": "orders.place_standing_orders",
        "schedule": crontab(minute=20),
    },
    "count how long carriers take": {
        "task": "orders.refresh_lanes",
        "schedule": crontab(hour=1, minute=50),
    },
    "decide again where orders are sent from": {
        "task": "orders.source_again",
        "schedule": 600.0,
    },
    "say what stock is worth where it lies": {
        "task": "orders.refresh_stock_worth",
        "schedule": crontab(minute=45),
    },
    "count what is bought together": {
        "task": "orders.refresh_pairs",
        "schedule": crontab(hour=2, minute=5),
    },
    "let go what was kept too long": {"task": "inventory.expire_reservations", "schedule": 60.0},
    "tell channels what they may sell": {"task": "inventory.refresh_feeds", "schedule": 60.0},
    "find lots that expire soon": {
        "task": "inventory.flag_expiring",
        "schedule": crontab(hour=3, minute=20),
    },
    "find suppliers that are late": {
        "task": "inventory.flag_late_suppliers",
        "schedule": crontab(minute=35),
    },
    "plan what to order again": {
        "task": "inventory.plan_replenishment",
        "schedule": crontab(hour=2, minute=40),
    },
    "find late work and silent parcels": {"task": "shipping.watch", "schedule": 300.0},
    "foresee which promises will be missed": {"task": "shipping.foresee", "schedule": 300.0},
    "look for money that is late": {
        "task": "payments.flag_overdue",
        "schedule": crontab(minute=25),
    },
    "check what must never be false": {
        "task": "core.audit_invariants",
        "schedule": crontab(hour=3, minute=20),
    },
}
# Days after which what is only of passing use is cleared away; 0 keeps it for good.
OMS_KEEP_DAYS = {
    "api_answers": 1,  # docs/api.md promises a day
    "form_tokens": env.int("OMS_KEEP_FORM_TOKENS", default=7),
    "sessions": env.int("OMS_KEEP_SESSIONS", default=1),
    "deliveries": env.int("OMS_KEEP_DELIVERIES", default=30),
    "jobs": env.int("OMS_KEEP_JOBS", default=90),
    "drafts": env.int("OMS_KEEP_DRAFTS", default=365),
    "import_files": env.int("OMS_KEEP_IMPORT_FILES", default=30),
    "rule_runs": env.int("OMS_KEEP_RULE_RUNS", default=90),
    "webhooks": env.int("OMS_KEEP_WEBHOOKS", default=30),
    "order_origins": env.int("OMS_KEEP_ORDER_ORIGINS", default=90),
}
# Whether the worth of stock where it lies (shadow prices, computed each hour) counts as a cost when
# it is decided where an order is sent from.
OMS_STOCK_WORTH = env.bool("OMS_STOCK_WORTH", default=False)
# Webhooks go to public https addresses only. For tests and trials on one machine they may go to
# receivers on the machine itself, on any port and without TLS; never set this where others sign in.
OMS_LOOPBACK_RECEIVERS = env.bool("OMS_LOOPBACK_RECEIVERS", default=False)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}

# --- people ---------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "core.backends.StaffBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_RESET_TIMEOUT = 2 * 86_400
SESSION_COOKIE_AGE = 12 * 3_600
OTP_TOTP_ISSUER = env("OTP_ISSUER", default="Quayside")
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
OMS_BEHIND_PROXY = env.bool("OMS_BEHIND_PROXY", default=False)
OMS_TRUSTED_PROXIES = env.int("OMS_TRUSTED_PROXIES", default=1 if OMS_BEHIND_PROXY else 0)
# Five wrong passwords close one account to one address for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_USERNAME_FORM_FIELD = "username"
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "core.views.accounts.locked_out"
AXES_CLIENT_IP_CALLABLE = "core.client_address.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# --- safety ---------------------------------------------------------------------------------
IS_HTTPS = env.bool("OMS_HTTPS", default=IS_PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "core.views.errors.csrf_failure"
METRICS_TOKEN = env("METRICS_TOKEN", default="")
if OMS_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- mail -----------------------------------------------------------------------------------
# Without EMAIL_URL messages stay in the outbox page, where staff can read them.
EMAIL_URL = env("EMAIL_URL", default="")
if EMAIL_URL and not IS_TRAINING:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="shop@example.com")

# --- logs -----------------------------------------------------------------------------------
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_config(
    as_json=not DEBUG and OMS_ENV != "local", level=env("LOG_LEVEL", default="INFO")
)

# --- words, time, files ---------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="Europe/Berlin")
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(OMS_VAR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
