"""Random writes on a database that nobody prepared: view tables equal their definitions.

Loads dumps in plain SQL into an empty database, installs the views of a site folder on it, and then
does as random_writes.py and crash_recovery.py do: writers at once, refreshers that are killed, a
server that crashes. Rows that cannot be kept (a key that is NULL or stands twice, a statement that
fails) have to stand in sitegen.failure, and nothing else may.

    foreign_writes.py --dump FILE [--dump FILE] --site FOLDER [--writers N] [--statements N]
                      [--rounds N] [--minutes N] [--crashes] [--seed N]
"""

import pathlib
import time

from crash_recovery import CrashTrial
from foreign_database import ForeignWorkload
from harness import run, temporary_folder
from random_writes import attempt, parser
from servers import Postgres
from write_trial import Trial


def main():
    options = parser(__doc__, statements=1200, rounds=4)
    options.add_argument("--dump", action="append", required=True, type=pathlib.Path)
    options.add_argument("--site", required=True, type=lambda text: pathlib.Path(text).resolve())
    options.add_argument("--writers", type=int, default=3)
    options.add_argument("--minutes", type=float, default=0, help="goes on with other seeds")
    options.add_argument("--crashes", action="store_true")
    chosen = options.parse_args()
    workload = ForeignWorkload(chosen.site.name.replace("-", "_"), chosen.dump, chosen.site)
    end = time.monotonic() + 60 * chosen.minutes
    with temporary_folder() as folder:
        postgres = Postgres(folder)
        try:
            while True:
                print(f"seed {chosen.seed}", flush=True)
                kind = CrashTrial if chosen.crashes else Trial
                with kind(workload, postgres, folder, chosen.writers, chosen.seed) as trial:
                    attempt(trial, chosen, "foreign_writes.py")
                    print(f"        {dict(trial.oracle.aside)} set aside, "
                          f"{trial.counts['refreshers killed']} refreshers killed, "
                          f"{trial.counts['servers crashed']} crashes", flush=True)
                if time.monotonic() > end:
                    break
                postgres.query(f"DROP DATABASE {trial.database} (FORCE)", "postgres")
                chosen.seed += 1
        finally:
            postgres.server.kill()


if __name__ == "__main__":
    run(main)
