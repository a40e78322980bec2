-- Who may do what. An ingester may run the functions and reads no table; who reads statistics sees
-- counts and no row of a visitor.
--
-- A role that cannot be made, since whoever installs may not make roles, is told as a notice.

DO $$
DECLARE
    name text;
    counts text;
BEGIN
    FOREACH name IN ARRAY ARRAY['sitegen_ingest', 'sitegen_stats'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I LOGIN', name);
            EXCEPTION
            WHEN insufficient_privilege THEN
                RAISE WARNING 'the role % is missing and may not be made by this user', name;
            -- Another database of this server is installed at the same moment.
            WHEN duplicate_object OR unique_violation THEN
                NULL;
            END;
        END IF;
    END LOOP;
    REVOKE ALL ON ALL FUNCTIONS IN SCHEMA traffic FROM PUBLIC;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'sitegen_ingest') THEN
        GRANT USAGE ON SCHEMA traffic TO sitegen_ingest;
        -- What an ingester calls; what that calls, it calls with its owner's rights.
        REVOKE ALL ON ALL FUNCTIONS IN SCHEMA traffic FROM sitegen_ingest;
        GRANT EXECUTE ON FUNCTION traffic.zone_of, traffic.starts, traffic.day_of,
            traffic.make_day, traffic.expire, traffic.expire_counts, traffic.offer_key,
            traffic.generation, traffic.take, traffic.note, traffic.positions,
            traffic.number_pages, traffic.number_sources, traffic.number_campaigns,
            traffic.number_agents, traffic.number_fragments, traffic.prepare, traffic.fold,
            traffic.add_slots, traffic.add_losses, traffic.add_reports, traffic.add_vitals,
            traffic.unsealed, traffic.seal, traffic.correct_trend TO sitegen_ingest;
        GRANT SELECT ON traffic.migration, traffic.setting, traffic.zone, traffic.day
            TO sitegen_ingest;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'sitegen_stats') THEN
        GRANT USAGE ON SCHEMA traffic TO sitegen_stats;
        GRANT EXECUTE ON FUNCTION traffic.zone_of, traffic.starts, traffic.day_of,
            traffic.rule_of, traffic.vital_step, traffic.unsealed, traffic.lately,
            traffic.page_ways, traffic.entries_of, traffic.codings TO sitegen_stats;
        FOR counts IN SELECT relname FROM pg_class
            WHERE relnamespace = 'traffic'::regnamespace AND relkind IN ('r', 'v')
                AND NOT relispartition AND relname NOT IN ('salt', 'robot_visitor', 'leader')
        LOOP
            EXECUTE format('GRANT SELECT ON traffic.%I TO sitegen_stats', counts);
        END LOOP;
    END IF;
END
$$;
