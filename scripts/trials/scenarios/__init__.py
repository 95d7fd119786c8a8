"""What is tried, in this order; each name is a module here with `run(stage) -> list[Figure]`."""

SCENARIOS = ["readiness", "weekly_run", "broker_lost", "database_lost", "too_many_helpers", "one_answer", "disk_full", "restore"]
#: What the short form plays; its weekly run has the faults of the next three in it, and the suite races answers too.
SHORT = ["readiness", "weekly_run"]
