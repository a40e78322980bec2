"""Nothing is lost or doubled when the refresher or the server dies at any moment.

The random writes of random_writes.py, and while they run: SIGKILL of `sitegen db refresh
--follow`, which is started again, and a restart of PostgreSQL in immediate mode. Then all is
compared and replayed as there.

    crash_recovery.py [--schema NAME] [--statements N] [--rounds N] [--seed N]
"""

import contextlib
import time

import psycopg

from harness import run, temporary_folder
from random_writes import attempt, parser
from servers import Postgres
from write_trial import Trial, connect
from write_workloads import WORKLOADS

WRITERS = 3


class CrashTrial(Trial):
    """A trial in which refreshers and servers die."""

    def disturb(self):
        kind = self.dice.choices(["refresher", "server", "connection"], [5, 2, 3])[0]
        if kind == "refresher":
            self.kill_refresher()
        elif kind == "server":
            self.crash_server()
        else:
            super().disturb()

    def drain(self):
        """The writers have ended, the refresher has not: it dies once more, and the server, too."""
        self.kill_refresher()
        time.sleep(self.dice.uniform(0, 0.3))
        self.crash_server()
        time.sleep(self.dice.uniform(0, 0.3))
        self.kill_refresher()
        super().drain()

    def kill_refresher(self):
        self.refreshers[0].kill()
        self.refreshers[0].start()
        self.counts["refreshers killed"] += 1

    def crash_server(self):
        self.postgres.crash()
        self.counts["servers crashed"] += 1
        with contextlib.suppress(psycopg.Error):
            self.connection.close()
        self.connection = self.oracle.connection = self.oracle.prepared(
            connect(self.url, "harness"))


def main():
    chosen = parser(__doc__, statements=600, rounds=3).parse_args()
    print(f"seed {chosen.seed}", flush=True)
    with temporary_folder() as folder:
        postgres = Postgres(folder)
        try:
            for name in chosen.schema or WORKLOADS:
                with CrashTrial(WORKLOADS[name], postgres, folder, WRITERS, chosen.seed) as trial:
                    attempt(trial, chosen, "crash_recovery.py")
                    deaths = trial.counts["refreshers killed"], trial.counts["servers crashed"]
                    print(f"        refresher killed {deaths[0]} times, server {deaths[1]} times")
        finally:
            postgres.server.kill()


if __name__ == "__main__":
    run(main)
