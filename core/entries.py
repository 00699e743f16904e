"""What the ground itself adds to the menu, to settings and to what needs attention."""

from core import attention, auditing, failed_work, menu, settings_pages, subjects
from core.attention import AttentionKind
from core.menu import MenuEntry, MenuGroup
from core.models import ApiKey, CustomField, LegalEntity, Rule, User, WebhookEndpoint
from core.rights import (
    EDIT_API_KEYS,
    EDIT_MESSAGES,
    EDIT_RULES,
    EDIT_SETTINGS,
    EDIT_USERS,
    EDIT_WEBHOOKS,
    SEE_AUDIT,
    SEE_BACK_OFFICE,
    SEE_HEALTH,
    SEE_JOBS,
)
from core.rules import acting, keeping, previewing
from core.settings_pages import SettingsPage
from core.timeline import dress
from core.webhooks import endpoints

menu.add(MenuEntry("Home", "home", "home", MenuGroup.WORK, SEE_BACK_OFFICE, 1, shortcut="g h"))
menu.add(
    MenuEntry("Documents", "document_list", "document", MenuGroup.INSIGHT, SEE_BACK_OFFICE, 60)
)
menu.add(MenuEntry("Messages", "message_list", "mail", MenuGroup.INSIGHT, EDIT_MESSAGES, 61))
menu.add(MenuEntry("Imports", "import_list", "upload", MenuGroup.SYSTEM, SEE_JOBS, 10))
menu.add(MenuEntry("Jobs", "job_list", "jobs", MenuGroup.SYSTEM, SEE_JOBS, 20))
menu.add(MenuEntry("Rules", "rule_list", "bolt", MenuGroup.SYSTEM, EDIT_RULES, 30))
menu.add(MenuEntry("Health", "system_health", "shield", MenuGroup.SYSTEM, SEE_HEALTH, 70))
menu.add(MenuEntry("Audit log", "audit", "ledger", MenuGroup.SYSTEM, SEE_AUDIT, 80))
menu.add(
    MenuEntry(
        "Settings",
        "settings",
        "settings",
        MenuGroup.SYSTEM,
        SEE_BACK_OFFICE,
        90,
        has_content=lambda user: bool(settings_pages.settings_pages_for(user)),
    )
)

settings_pages.add(
    SettingsPage(
        "Legal entities",
        "In whose name is sold and invoiced: address, VAT id, bank account.",
        "legal_entity_list",
        "building",
        position=10,
    )
)
settings_pages.add(
    SettingsPage(
        "Custom fields",
        "Fields of your own on what you keep here: in forms, lists, filters and exports.",
        "custom_field_list",
        "edit",
        position=12,
    )
)
settings_pages.add(
    SettingsPage(
        "Message wordings",
        "What customers are told, and when; with preview and history.",
        "wording_list",
        "mail",
        group="Messages",
        right=EDIT_MESSAGES,
        position=50,
    )
)
settings_pages.add(
    SettingsPage(
        "Users",
        "Who works here, with which roles, and how they sign in.",
        "user_list",
        "users",
        group="Team",
        right=EDIT_USERS,
        position=60,
    )
)
settings_pages.add(
    SettingsPage(
        "API keys",
        "Programs that read and change things here: what each may do, and when it last did.",
        "api_key_list",
        "key",
        group="Connections",
        right=EDIT_API_KEYS,
        position=70,
    )
)
settings_pages.add(
    SettingsPage(
        "Roles",
        "Which role may do what.",
        "role_matrix",
        "key",
        group="Team",
        right=EDIT_USERS,
        position=61,
    )
)

settings_pages.add(
    SettingsPage(
        "Webhooks out",
        "Systems elsewhere that are told of what happens here, and what was sent to them.",
        "webhook_endpoint_list",
        "globe",
        group="Connections",
        right=EDIT_WEBHOOKS,
        position=70,
    )
)

attention.register(
    AttentionKind(
        endpoints.FAILING,
        "Webhooks not taken",
        "Look at its last answers, mend the receiver, then resume it and send again what it missed.",
        EDIT_WEBHOOKS,
        "globe",
    )
)
attention.register(
    AttentionKind(
        auditing.KIND,
        "Broken invariants",
        "Something that must never be false is. Look at the rows named before working on.",
        SEE_HEALTH,
        "shield",
    )
)
attention.register(
    AttentionKind(
        failed_work.KIND,
        "Parked deliveries",
        "Mend the cause, then press Retry.",
        SEE_HEALTH,
        "jobs",
    )
)

attention.register(
    AttentionKind(
        keeping.PAUSED,
        "Rules paused",
        "Look at why it failed, change the rule, then switch it on again.",
        EDIT_RULES,
        "bolt",
    )
)
attention.register(
    AttentionKind(
        acting.TOLD,
        "Put before people by a rule",
        "Do what it says, then press “That is done” under Rules on its page.",
        SEE_BACK_OFFICE,
        "flag",
    )
)
for fact, icon, role in (
    ("core.RuleChanged", "bolt", "neutral"),
    ("core.RulePaused", "pause", "danger"),
    ("core.RuleCalled", "globe", "neutral"),
):
    dress(fact, icon, role)
PREVIEWS = previewing.DAYS  # its jobs are known once it is loaded

for model, noun, url_name, right in (
    (User, "User", "user_detail", EDIT_USERS),
    (LegalEntity, "Legal entity", "legal_entity_edit", EDIT_SETTINGS),
    (CustomField, "Custom field", "custom_field_edit", EDIT_SETTINGS),
    (ApiKey, "API key", "api_key_detail", EDIT_API_KEYS),
    (Rule, "Rule", "rule_detail", EDIT_RULES),
    (WebhookEndpoint, "Webhook", "webhook_endpoint_detail", EDIT_WEBHOOKS),
):
    subjects.register(subjects.SubjectKind(model, noun, subjects.page(url_name), right))
