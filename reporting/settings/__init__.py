"""The settings that one organization's report depends on: a module for each part of its profile.

Every default stands here and nowhere else; docs/configuration.md describes each key.
"""
