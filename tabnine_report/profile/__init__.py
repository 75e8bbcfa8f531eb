"""The profile, one TOML file per organization: settings, reading, note, logo, network."""
