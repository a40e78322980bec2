"""A column whose type changed stops the build with an error that names it.

In a copy of the database one column of an installed view gets another type. The build must exit
with 65 (bad data) or 78 (bad configuration), say on one line what happened and on the next what to
do, name view and column, repeat no value, and leave the release as it was.
"""

from harness import ROOT, check, fetch, run
from servers import sample_pages, workspace

VIEWS = 3
EXIT_STATUSES = [65, 78]


def installed_columns(postgres):
    """(relation, column, type) of one number or text column of each view of the site."""
    names = sorted(path.stem for path in (ROOT / "site/database").glob("**/*.sql"))
    rows = postgres.query("""
        SELECT DISTINCT ON (c.relname) c.relname, a.attname, format_type(a.atttypid, NULL)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'sitegen'::regnamespace AND c.relkind IN ('r', 'v', 'm')
        AND a.attnum > 0 AND NOT a.attisdropped
        AND a.atttypid IN ('int4'::regtype, 'int8'::regtype, 'text'::regtype)
        ORDER BY c.relname, a.atttypid, a.attnum DESC""")
    return [row for row in rows if row[0] in names][:VIEWS]


def change_type(postgres, database, relation, column, old):
    """Puts a view in the relation's place that differs in one column's type."""
    new = "boolean" if old == "text" else "text"
    value = "true" if old == "text" else f'"{column}"'
    columns = postgres.query(
        "SELECT attname FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped "
        f"AND attrelid = 'sitegen.\"{relation}\"'::regclass ORDER BY attnum", database)
    listed = ", ".join(
        f'CAST({value} AS {new}) AS "{name}"' if name == column else f'"{name}"'
        for [name] in columns)
    kind = postgres.query(
        f"SELECT relkind FROM pg_class WHERE oid = 'sitegen.\"{relation}\"'::regclass", database)
    word = {"r": "TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW"}[kind[0][0]]
    postgres.query(
        f'ALTER {word} sitegen."{relation}" RENAME TO e2e_before;'
        f'CREATE VIEW sitegen."{relation}" AS SELECT {listed} FROM sitegen.e2e_before', database)


def refuse(site, relation, column, old):
    """Builds from a database with one changed column, and reads what the build says."""
    database = "e2e_copy"
    site.postgres.query(f"DROP DATABASE IF EXISTS {database}", "postgres")
    site.postgres.query(f"CREATE DATABASE {database} TEMPLATE sitegen", "postgres")
    change_type(site.postgres, database, relation, column, old)
    site.env["DATABASE_URL"] = site.postgres.url(database)
    done = site.build()
    site.env["DATABASE_URL"] = site.postgres.url()
    name = f"{relation}.{column}"
    lines = done.stderr.strip().splitlines()
    check(f"{name}: the build exits with 65 or 78", done.returncode in EXIT_STATUSES,
          f"{done.returncode}: {done.stderr[-500:]}")
    check(f"{name}: the error has two lines, and the server that was asked",
          len(lines) == 3 and lines[2].startswith("(database ") and database in lines[2],
          done.stderr[-500:])
    check(f"{name}: the first names view and column",
          lines and relation in lines[0] and column in lines[0], done.stderr[-500:])
    check(f"{name}: the second says what to run or change",
          len(lines) > 1 and ("sitegen " in lines[1] or "site/" in lines[1]), done.stderr[-500:])


def main():
    with workspace() as site:
        columns = installed_columns(site.postgres)
        check("views are installed in the schema sitegen", columns)
        with site.serving() as port:
            paths = sample_pages(port, 5)
            tags = [fetch(port, path)["etag"] for path in paths]
        for relation, column, old in columns:
            refuse(site, relation, column, old)
        with site.serving() as port:
            check("the release is as it was",
                  [fetch(port, path)["etag"] for path in paths] == tags)
        check("the unchanged database still builds", site.build().returncode == 0)


if __name__ == "__main__":
    run(main)
