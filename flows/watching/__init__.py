"""What the watchdog finds in Prefect: runs that died or never began, and schedules that are missing."""
