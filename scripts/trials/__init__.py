"""What breaks when things break: `make faults`. The real web server, worker and beat, PostgreSQL, Redis and a mail server that
misbehaves run as children of this process, are killed, stopped and flooded, and what came of it is counted.

A scenario is a module in `scenarios/` with one function, named in `scenarios/__init__.py`:

    def run(stage: Stage) -> list[Figure]: ...

It finds everything stopped and a database as after `migrate` (the servers themselves run), Django set up in this process, and may
use the product's models and actions as they are. It starts what it needs (`stage.start("web", "worker", "beat")`), does its
mischief, waits with `stage.wait_for(...)`, and answers figures (`figures.exactly`, `at_most`, `at_least`, `told`). Whatever it
raises is a miss; whatever it started is stopped for it. `stage.short` asks for the same checks on less.

Time. The clock of the children and of this process (`agency.clock.now()`) runs SPEED times as fast as the wall's, from one
origin: beat's intervals and the patience with a mail server are divided by the same number (`settings.py`). So leases,
back-offs and sweeps keep their proportions, nothing in the product knows of it, and no row is touched to make time pass.
`stage.minutes(5)` is how many real seconds five of the product's minutes take.
"""
