"""Addresses of the ground's own pages."""

from django.urls import URLPattern, URLResolver, include, path

from core.own_settings import CUSTOM_FIELDS, LEGAL_ENTITIES
from core.views import (
    accounts,
    api_keys,
    audit,
    health,
    home,
    own_account,
    search,
    settings,
    styleguide,
    users,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("attention/", home.attention_act, name="attention_act"),
    # machines that watch
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics_page, name="metrics"),
    # signing in
    path("login/", accounts.login_view, name="login"),
    path("login/code/", accounts.login_code, name="login_code"),
    path("logout/", accounts.logout_view, name="logout"),
    path("password/forgotten/", accounts.password_forgotten, name="password_forgotten"),
    path("password/set/<uidb64>/<token>/", accounts.password_set, name="password_set"),
    # one's own account
    path("account/", own_account.account, name="account"),
    path("account/password/", own_account.password_change, name="password_change"),
    path("account/sign-out-elsewhere/", own_account.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("account/second-factor/", own_account.second_factor_add, name="second_factor_add"),
    path(
        "account/second-factor/remove/",
        own_account.second_factor_remove,
        name="second_factor_remove",
    ),
    path("account/recovery-codes/", own_account.recovery_codes, name="recovery_codes"),
    path("preferences/", own_account.preferences, name="preferences"),
    # finding
    path("palette", search.palette, name="palette"),
    path("search", search.search, name="search"),
    path("lists/", include("core.listing.urls")),
    path("", include("core.work_urls")),
    path("webhooks/", include("core.webhook_urls")),
    path("rules/", include("core.rule_urls")),
    # what happened
    path("timeline/older", audit.timeline_older, name="timeline_older"),
    path("settings/audit/", audit.audit_page, name="audit"),
    # settings
    path("settings/", settings.settings_index, name="settings"),
    *settings.settings_urls(LEGAL_ENTITIES, "settings/legal-entities"),
    *settings.settings_urls(CUSTOM_FIELDS, "settings/custom-fields"),
    path("settings/api-keys/", api_keys.api_key_list, name="api_key_list"),
    path("settings/api-keys/new/", api_keys.api_key_new, name="api_key_new"),
    path("settings/api-keys/<int:key_id>/", api_keys.api_key_detail, name="api_key_detail"),
    path("settings/api-keys/<int:key_id>/rotate/", api_keys.api_key_rotate, name="api_key_rotate"),
    path("settings/api-keys/<int:key_id>/revoke/", api_keys.api_key_revoke, name="api_key_revoke"),
    path("settings/users/", users.user_list, name="user_list"),
    path("settings/users/new/", users.user_new, name="user_new"),
    path("settings/users/<int:user_id>/", users.user_detail, name="user_detail"),
    path("settings/users/<int:user_id>/deactivate/", users.user_deactivate, name="user_deactivate"),
    path("settings/users/<int:user_id>/reactivate/", users.user_reactivate, name="user_reactivate"),
    path("settings/users/<int:user_id>/sign-out/", users.user_sign_out, name="user_sign_out"),
    path(
        "settings/users/<int:user_id>/second-factor/remove/",
        users.user_second_factor_remove,
        name="user_second_factor_remove",
    ),
    path(
        "settings/users/<int:user_id>/password-link/",
        users.user_password_link,
        name="user_password_link",
    ),
    path("settings/roles/", users.role_matrix, name="role_matrix"),
    # the system itself
    path("system/style-guide/", styleguide.styleguide, name="styleguide"),
    path("system/health/", health.system_health, name="system_health"),
    path("system/failed/", health.failed_work_page, name="failed_work"),
    path("system/failed/<slug:kind>/retry/", health.failed_work_retry, name="failed_work_retry"),
]
