"""View tables equal their definitions after any writes, and events tell every change.

Random statements of every kind, from 2 and 4 writers at once with random isolation levels,
rollbacks, savepoints, deadlocks and ended connections, on the examples and the demo's schema. At
each quiet point every incremental view is compared with its definition, and the events are
replayed over the rows of the quiet point before.

    random_writes.py [--schema NAME] [--writers N] [--statements N] [--rounds N] [--seed N]

The same seed makes the same statements; how they meet is up to the scheduler. `--print` shows them.
"""

import argparse
import random
import time

from harness import check, run, temporary_folder
from servers import Postgres
from write_trial import Trial
from write_workloads import WORKLOADS

STATEMENTS = 1200
ROUNDS = 4


def parser(text, statements, rounds):
    """The options that the scripts with random writes share."""
    made = argparse.ArgumentParser(description=text.partition("\n")[0])
    made.add_argument("--schema", choices=sorted(WORKLOADS), action="append")
    made.add_argument("--statements", type=int, default=statements, help="in each trial")
    made.add_argument("--rounds", type=int, default=rounds, help="quiet points of each trial")
    made.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    return made


def report(trial, seconds):
    """One line of what happened, then the errors that statements met."""
    counts = trial.counts
    kinds = " ".join(f"{kind} {counts[kind]}" for kind in
                     ["INSERT", "UPDATE", "DELETE", "MERGE", "COPY", "TRUNCATE", "WITH", "COMMIT",
                      "ROLLBACK"])
    print(f"        {counts['done']} statements, {counts['failed']} failed, "
          f"{counts['connections ended']} connections ended, {trial.oracle.events} events, "
          f"{seconds:.0f} s\n        {kinds}")
    print("        " + " ".join(f"{name[9:]}:{counts[name]}" for name in sorted(counts)
                                if name.startswith("SQLSTATE")), flush=True)


def attempt(trial, chosen, script="random_writes.py"):
    """Rounds of one trial, up to the first problem."""
    before = time.monotonic()
    writers = f"--writers {len(trial.writers)} " if script == "random_writes.py" else ""
    again = (f"{script} --schema {trial.workload.name} {writers}--statements {chosen.statements} "
             f"--rounds {chosen.rounds} --seed {chosen.seed}")
    for number in range(1, chosen.rounds + 1):
        problems = trial.round(chosen.statements // chosen.rounds)
        if not check(f"{trial.name}: round {number}, views are their definitions, events tell all",
                     not problems, "\n        ".join([*problems[:12], again])):
            break
    report(trial, time.monotonic() - before)


def show(trial, chosen):
    """Prints the statements of a trial instead of running them."""
    for _ in range(chosen.rounds):
        for number, own in enumerate(trial.transactions(chosen.statements // chosen.rounds)):
            for transaction in own:
                print(f"{number}: BEGIN {transaction.isolation}",
                      *(sql for sql, _, _ in transaction.steps), transaction.end, sep=";\n    ")


def main():
    options = parser(__doc__, STATEMENTS, ROUNDS)
    options.add_argument("--writers", type=int, action="append")
    options.add_argument("--print", action="store_true", help="print the statements, run none")
    chosen = options.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    with temporary_folder() as folder:
        postgres = Postgres(folder)
        try:
            for name in chosen.schema or WORKLOADS:
                for writers in chosen.writers or [2, 4]:
                    with Trial(WORKLOADS[name], postgres, folder, writers, chosen.seed) as trial:
                        (show if chosen.print else attempt)(trial, chosen)
        finally:
            postgres.server.kill()


if __name__ == "__main__":
    run(main)
