// The tables of schema `sitegen`, and the step that a refresher runs.
//
// `queue` is append-only and has neither index nor key, so that writers never wait for each other
// here. `cascade` is its like for changes that the refresher itself makes to tables of rows; it is
// empty outside of a step. A step takes queue rows, resolves them and writes rows in the one
// snapshot of its transaction, whose first statement is LOCK TABLE sitegen.leader: a lock takes no
// snapshot, so a refresher that has waited sees what the one before it did. Keys are of any length,
// also here: indexes hold their digests, so that noting a failure cannot fail. While an
// installation fills views (`fill_ticket`), steps leave a copy of what concerns them in
// `fill_link`.

import Postgres

/// SQL that does not depend on any view.
enum CoreScript {
    /// Makes what is missing, also of a schema that an earlier version made: a number of a watch
    /// goes on meaning every change that was queued under it.
    static func create(in schema: SiteSchema) -> String {
        """
        \(createQueue(in: schema))
        \(createLog(in: schema))
        \(IncrementalView.createMoved(in: schema))
        \(SlugFunction.create(in: schema));
        """
    }

    /// The schema, what views there are, and what has changed for them.
    private static func createQueue(in schema: SiteSchema) -> String {
        """
        CREATE SCHEMA IF NOT EXISTS \(schema);
        CREATE TABLE IF NOT EXISTS \(schema).view (
            name text PRIMARY KEY,
            digest text NOT NULL,
            strategy text NOT NULL,
            key text[] NOT NULL,
            installed_at timestamptz NOT NULL DEFAULT now(),
            refreshed_at timestamptz
        );
        ALTER TABLE \(schema).view ADD COLUMN IF NOT EXISTS source text;
        ALTER TABLE \(schema).view ADD COLUMN IF NOT EXISTS made_from text[];
        CREATE TABLE IF NOT EXISTS \(schema).watch (
            id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            tbl text NOT NULL,
            col text NOT NULL,
            part text NOT NULL DEFAULT '',
            UNIQUE (tbl, col, part)
        );
        ALTER TABLE \(schema).watch DROP CONSTRAINT IF EXISTS watch_tbl_col_key,
            ADD COLUMN IF NOT EXISTS part text NOT NULL DEFAULT '';
        CREATE UNIQUE INDEX IF NOT EXISTS watch_tbl_col_part_key
            ON \(schema).watch (tbl, col, part);
        CREATE TABLE IF NOT EXISTS \(schema).queue (
            watch int NOT NULL,
            link text,
            xid xid8 NOT NULL DEFAULT pg_current_xact_id()
        ) WITH (
            autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
            autovacuum_vacuum_insert_threshold = -1,
            autovacuum_analyze_threshold = 2147483647
        );
        CREATE UNLOGGED TABLE IF NOT EXISTS \(schema).cascade (watch int NOT NULL, link text);
        CREATE TABLE IF NOT EXISTS \(schema).leader ();
        CREATE TABLE IF NOT EXISTS \(schema).fill_lock ();
        CREATE TABLE IF NOT EXISTS \(schema).fill_ticket (
            token text PRIMARY KEY,
            watches int[] NOT NULL,
            at timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        CREATE UNLOGGED TABLE IF NOT EXISTS \(schema).fill_link (
            token text NOT NULL, watch int NOT NULL, link text);
        """
    }

    /// What became of changes: events, times, failures, and what is installed.
    private static func createLog(in schema: SiteSchema) -> String {
        """
        CREATE SEQUENCE IF NOT EXISTS \(schema).rev;
        CREATE TABLE IF NOT EXISTS \(schema).event (
            seq bigint PRIMARY KEY,
            view text NOT NULL,
            key text NOT NULL,
            op "char" NOT NULL CHECK (op IN ('i', 'u', 'd')),
            cols text[],
            at timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        CREATE TABLE IF NOT EXISTS \(schema).consumer (
            name text PRIMARY KEY,
            seq bigint NOT NULL,
            seen_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE IF NOT EXISTS \(schema).schedule (
            view text NOT NULL,
            key text NOT NULL,
            at timestamptz NOT NULL
        );
        ALTER TABLE \(schema).schedule DROP CONSTRAINT IF EXISTS schedule_pkey;
        CREATE UNIQUE INDEX IF NOT EXISTS schedule_key ON \(schema).schedule (view, md5(key));
        CREATE INDEX IF NOT EXISTS schedule_at ON \(schema).schedule (at);
        CREATE TABLE IF NOT EXISTS \(schema).failure (
            view text NOT NULL,
            key text NOT NULL,
            error text NOT NULL,
            at timestamptz NOT NULL DEFAULT now()
        );
        ALTER TABLE \(schema).failure DROP CONSTRAINT IF EXISTS failure_pkey,
            ADD COLUMN IF NOT EXISTS kind text NOT NULL DEFAULT 'row',
            ADD COLUMN IF NOT EXISTS lookup text;
        UPDATE \(schema).failure SET lookup = nullif(key, ''),
            kind = CASE key WHEN '' THEN 'view' ELSE 'row' END
            WHERE kind = 'row' AND lookup IS NULL;
        CREATE UNIQUE INDEX IF NOT EXISTS failure_key
            ON \(schema).failure (view, kind, md5(key), coalesce(md5(lookup), ''));
        CREATE TABLE IF NOT EXISTS \(schema).installation (
            only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
            digest text NOT NULL,
            is_attached boolean NOT NULL
        );
        ALTER TABLE \(schema).installation ADD COLUMN IF NOT EXISTS triggers text[];
        """
    }

    /// The newest things that `create` makes: a schema without one of them is older.
    static let newest = ["failure_key", "watch_tbl_col_part_key", "fill_lock"]

    /// Tells `create` from that of other versions; the comment of the schema.
    static let version = "sitegen " + Digest.hexadecimal(of: create(in: .unnamed)).prefix(16)

    /// The relations that `create` makes, for `sitegen db drop`.
    static let tables = [
        "view", "watch", "queue", "cascade", "leader", "event", "consumer", "schedule", "failure",
        "installation", "fill_lock", "fill_ticket", "fill_link", "moved",
    ]

    /// SQL of the milliseconds after which a step goes on with other transactions' changes, a
    /// setting; NULL in a session that wants all at once.
    static let limit = "nullif(pg_catalog.current_setting('sitegen.step_milliseconds', true), '')"

    /// The end of a step: who is filling a view needs what was taken from the queue meanwhile.
    ///
    /// One that has gone without a word, such as a killed process, is forgotten: then it holds no
    /// lock of `sitegen.fill_lock`.
    private static func keepPending(in schema: SiteSchema) -> String {
        """
            IF EXISTS (SELECT FROM \(schema).fill_ticket) THEN
                WITH c AS (DELETE FROM \(schema).cascade RETURNING watch, link)
                SELECT _watches || coalesce(array_agg(c.watch), '{}'),
                    _links || coalesce(array_agg(c.link), '{}')
                INTO _watches, _links FROM (SELECT DISTINCT watch, link FROM c) c;
                DELETE FROM \(schema).fill_ticket f
                WHERE f.at < clock_timestamp() - interval '1 minute' AND NOT EXISTS (
                    SELECT FROM pg_catalog.pg_locks l
                    WHERE l.relation = '\(schema).fill_lock'::regclass \
        AND l.mode = 'ExclusiveLock');
                DELETE FROM \(schema).fill_link p WHERE NOT EXISTS (
                    SELECT FROM \(schema).fill_ticket f WHERE f.token = p.token);
                INSERT INTO \(schema).fill_link (token, watch, link)
                SELECT DISTINCT f.token, l.watch, l.link
                FROM \(schema).fill_ticket f, unnest(_watches, _links) AS l (watch, link)
                WHERE abs(l.watch) = ANY (f.watches);
            END IF;
        """
    }

    /// What a step does for each view, with the changes of tables of rows that it reads.
    private static func parts(
        of views: [IncrementalView], in schema: SiteSchema
    ) -> [String] {
        let cascade = """
                WITH c AS (DELETE FROM \(schema).cascade RETURNING watch, link)
                SELECT _watches || coalesce(array_agg(c.watch), '{}'),
                    _links || coalesce(array_agg(c.link), '{}')
                INTO _watches, _links FROM (SELECT DISTINCT watch, link FROM c) c;

            """
        return views.map { view in
            let isCascading = view.dependencies.watches.contains { watch in
                watch.table.schema == schema.description
            }
            return """
                \(isCascading ? cascade : "")\
                    SELECT s.examined, s.changed INTO examined, changed
                    FROM \(view.function("step"))(_watches, _links, _at) s;
                    IF examined IS DISTINCT FROM 0 THEN
                        view := \(view.literal);
                        RETURN NEXT;
                    END IF;
                """
        }
    }

    /// Takes rows of the queue that meet a condition on `x`, each once.
    private static func taking(_ condition: String, in schema: SiteSchema) -> String {
        """
        WITH q AS (
            DELETE FROM \(schema).queue x WHERE \(condition) RETURNING x.watch, x.link)
        SELECT coalesce(array_agg(u.watch), '{}'), coalesce(array_agg(u.link), '{}')
        FROM (SELECT DISTINCT watch, link FROM q) u
        """
    }

    /// One refresh of everything that is queued or due, at most `$1` queue rows.
    ///
    /// Where `limit` gives it milliseconds, a view with many keys works on some of them and queues
    /// the rest as keys. Later changes go first then: a key that waits is looked at in the end, in
    /// whatever state its row is by then.
    ///
    /// - Parameters:
    ///   - views: incremental views, what is read before what reads it.
    ///   - numbers: the numbers of watches.
    ///   - schema: that of the site.
    /// - Returns: one CREATE FUNCTION.
    static func createStep(
        _ views: [IncrementalView], _ numbers: [Watch: Int], in schema: SiteSchema
    ) -> String {
        let known = Set(views.flatMap(\.dependencies.watches)).compactMap { numbers[$0] }.sorted()
        let waiting = views.compactMap { numbers[$0.waiting] }.sorted()
            .map(String.init).joined(separator: ", ")
        let parts = parts(of: views, in: schema)
        // Rows of watches that this step does not know wait for the one that does.
        let isKnown =
            "abs(x.watch) = ANY (ARRAY[\(known.map(String.init).joined(separator: ", "))]::int[])"
        let first =
            "x.ctid = ANY (ARRAY(SELECT x.ctid FROM \(schema).queue x WHERE \(isKnown) LIMIT $1))"
        return SQLFunction(
            head: """
                CREATE OR REPLACE FUNCTION \(schema).step(
                    int DEFAULT 50000, OUT view text, OUT examined bigint, OUT changed bigint)
                RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER
                SET search_path = pg_catalog, pg_temp SET jit = off
                """,
            body: """

                #variable_conflict use_column
                DECLARE _watches int[]; _links text[]; _at timestamptz := statement_timestamp();
                    _until timestamptz := clock_timestamp() + \(limit)::int * interval '1 ms';
                BEGIN
                    IF (SELECT count(*) FROM (SELECT FROM \(schema).queue LIMIT $1 + 1) q) \
                <= $1 THEN
                        \(taking(isKnown, in: schema)) INTO _watches, _links;
                    ELSE
                        -- A plan that was kept from when there was little would compare each row
                        -- with each.
                        EXECUTE \(SQLText.literal(taking(first, in: schema)))
                        INTO _watches, _links USING $1;
                    END IF;
                    LOOP
                        WITH q AS (
                            DELETE FROM \(schema).queue x
                            WHERE x.ctid = ANY (ARRAY(
                                SELECT y.ctid FROM \(schema).queue y
                                WHERE y.watch = ANY (ARRAY[\(waiting)]::int[])
                                LIMIT least($1, CASE WHEN _until IS NOT NULL THEN 1 END)))
                            RETURNING x.watch, x.link)
                        SELECT _watches || coalesce(array_agg(q.watch), '{}'),
                            _links || coalesce(array_agg(q.link), '{}')
                        INTO _watches, _links FROM q;
                \(parts.joined(separator: "\n"))
                \(keepPending(in: schema))
                        EXIT WHEN _until IS NULL OR clock_timestamp() >= _until OR NOT EXISTS (
                            SELECT FROM \(schema).queue y
                            WHERE y.watch = ANY (ARRAY[\(waiting)]::int[]));
                        _watches := '{}';
                        _links := '{}';
                    END LOOP;
                END
                """
        ).create
    }
}
