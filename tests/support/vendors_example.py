"""The vendor's example of a bucket of the usage endpoint, version 1, without its period and its active users."""

VENDORS_EXAMPLE = {
    "productivityFactor": 0.433,
    "instruct": {"acceptedCount": 16764},
    "codeCompletions": {
        "activeUsers": 75,
        "completions": 7104,
        "charsCompleted": 617672,
        "keystrokes": 831400,
        "lines": 21848,
        "automationFactor": 0.426,
    },
    "chat": {
        "activeUsers": 128,
        "interactions": 31336,
        "usefulChatInteractions": 17411,
        "lines": 38495,
        "charsCompleted": 16577,
        "chatConsumptionRate": 0.556,
    },
    "agent": {
        "activeUsers": 103,
        "interactions": 11190,
        "linesAdded": 1092933,
        "linesAddedAccepted": 1080333,
        "linesRemoved": 76816,
        "linesRemovedAccepted": 75956,
    },
}
