"""The words that a shape may contain: they come from documentation and standards, and never from a tenant."""

_DOCUMENTED_NAMES = """
    id name planType domains samlEnabled smtpConfigured usernamePasswordEnabled oauthEnabled publicKey
    usersCount isDefaultTeam seatCap pendingInvitationsCount
    license seats seatsCap exp iat audience features settings
    username organizationId email role verified active team allowedTeams deactivatedAt updatedAt
    data meta count total next limit offset
    year month registered deactivated pending invited
    teamId from to usage granularity activeUsers productivityFactor instruct codeCompletions chat agent
    acceptedCount completions charsCompleted keystrokes lines automationFactor
    interactions usefulChatInteractions chatConsumptionRate messages
    linesAdded linesAddedAccepted linesRemoved linesRemovedAccepted ides languages
    models model uniqueUsers inputTokens outputTokens
    totalTokensConsumed totalInputTokens totalOutputTokens totalCost
    modelBreakdown agentTypeBreakdown tokensConsumed cost agentType
    error message errors status requestId details
"""
DOCUMENTED_NAMES = frozenset(_DOCUMENTED_NAMES.split())
"""The names of fields in the vendor's documentation."""

FREE_MAPS = frozenset({"settings", "details", "errors"})
"""Documented fields that may be objects whose names are data."""

OWN_PARAMETERS = {
    "granularity": {"all", "daily", "weekly", "monthly", "day", "week", "month"},
    "teamMember": {"true", "false"},
    "active": {"true", "false"},
    "role": {"Admin"},
    "limit": {"1"},
}
"""Query parameters whose values the program chooses, and the values on which the response depends."""

_HEADERS = """
    age cache-control connection content-encoding content-length content-type date etag location retry-after server
    transfer-encoding vary via www-authenticate
    ratelimit-limit ratelimit-remaining ratelimit-reset
    x-ratelimit-limit x-ratelimit-remaining x-ratelimit-reset
    x-request-id request-id x-correlation-id x-amzn-requestid cf-ray
"""
HEADERS = frozenset(_HEADERS.split())
"""The headers of responses; any other header may have a name that identifies the tenant."""

CONTENT_TYPES = frozenset({"application/json", "text/html", "text/plain", "none"})
"""The media types of responses; `none` if the header is absent."""

_ERROR_CODES = """
    BAD_REQUEST CONFLICT FEATURE_NOT_AVAILABLE FORBIDDEN INTERNAL_SERVER_ERROR INVALID_REQUEST INVALID_TOKEN NOT_FOUND
    SERVICE_UNAVAILABLE TOO_MANY_REQUESTS UNAUTHORIZED UNPROCESSABLE_ENTITY VALIDATION_ERROR
"""
ERROR_CODES = frozenset(_ERROR_CODES.split())
"""The codes of errors."""

INVALID_ORGANIZATION = "INVALID_ORGANIZATION"
"""Our code for an error that states it only in its message."""
