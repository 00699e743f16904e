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
