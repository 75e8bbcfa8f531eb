"""How the deployments that are created from profiles are recognized."""

TAG = "tabnine-report"
"""The tag of all deployments that are created from profiles."""
ORGANIZATION_TAG = "organization:"
"""The beginning of the tag that names the organization of a deployment and of its runs."""
PROFILES_VARIABLE = "TABNINE_REPORT_PROFILES"
"""The variable in which a deployment stores the profiles folder from which it was created."""
