"""Read, check and describe the profile, one TOML file per organization."""
