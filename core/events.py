"""What happened to the people who work here and to the settings."""

from core.facts import Fact


class UserInvited(Fact, subject="user"):
    sentence = "Account made with the roles: {roles}"
    user_id: int
    roles: str


class UserChanged(Fact, subject="user"):
    """Name, roles or access to the admin changed; the fact's `changes` say from what to what."""

    sentence = "Account changed"
    user_id: int


class UserDeactivated(Fact, subject="user"):
    sentence = "Account deactivated"
    user_id: int


class UserReactivated(Fact, subject="user"):
    sentence = "Account reactivated"
    user_id: int


class SessionsEnded(Fact, subject="user"):
    sentence = "Signed out everywhere"
    user_id: int


class PasswordChanged(Fact, subject="user"):
    sentence = "Password changed"
    user_id: int


class PasswordLinkAsked(Fact, subject="user"):
    """A link that sets a new password was asked for; a handler sends it."""

    sentence = "Link to set a password asked for"
    user_id: int


class SecondFactorAdded(Fact, subject="user"):
    sentence = "Second factor added"
    user_id: int


class SecondFactorRemoved(Fact, subject="user"):
    sentence = "Second factor removed"
    user_id: int


class RecoveryCodesRenewed(Fact, subject="user"):
    sentence = "Recovery codes renewed"
    user_id: int


class LegalEntityChanged(Fact, subject="legalentity"):
    sentence = "{label}: {what}"
    legalentity_id: int
    label: str
    what: str


class ChannelChanged(Fact, subject="channel"):
    sentence = "{label}: {what}"
    channel_id: int
    label: str
    what: str


class CustomFieldChanged(Fact, subject="customfield"):
    sentence = "{label}: {what}"
    customfield_id: int
    label: str
    what: str


class ApiKeyCreated(Fact, subject="apikey"):
    sentence = "API key made for {scopes}"
    apikey_id: int
    scopes: str


class ApiKeyChanged(Fact, subject="apikey"):
    """Name, scopes or pace changed; the fact's `changes` say from what to what."""

    sentence = "API key changed"
    apikey_id: int


class ApiKeyRotated(Fact, subject="apikey"):
    sentence = "New secret; the one before works for {hours:hour} more"
    apikey_id: int
    hours: int


class ApiKeyRevoked(Fact, subject="apikey"):
    sentence = "API key revoked"
    apikey_id: int


class WebhookEndpointChanged(Fact, subject="webhookendpoint"):
    sentence = "{label}: {what}"
    webhookendpoint_id: int
    label: str
    what: str


class WebhookEndpointDisabled(Fact, subject="webhookendpoint"):
    """Nothing more is sent there: somebody, or the endpoint's own failures, ended it."""

    sentence = "Disabled: {why}"
    webhookendpoint_id: int
    why: str


class WebhookSecretRotated(Fact, subject="webhookendpoint"):
    sentence = "New secret made"
    webhookendpoint_id: int


class WebhooksReplayed(Fact, subject="webhookendpoint"):
    sentence = "{count:event} sent again"
    webhookendpoint_id: int
    count: int


class RuleChanged(Fact, subject="rule"):
    """Written, changed, moved, switched on or off, or removed; `changes` say from what to what."""

    sentence = "{label}: {what}"
    rule_id: int
    label: str
    what: str


class RulePaused(Fact, subject="rule"):
    """It failed too often in a row and was switched off."""

    sentence = "Paused: {why}"
    rule_id: int
    why: str


class RuleCalled(Fact, subject="rule"):
    """A rule asks for one endpoint of webhooks to be told of a thing; `code` is the rule's own word
    for the receiver, `event` what started the rule.
    """

    sentence = "{endpoint} is told of {about}"
    rule_id: int
    endpoint: str
    about: str
    about_type: str
    about_id: int
    channel_id: int | None
    event: str
    code: str
