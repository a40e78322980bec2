// What is known of PostgreSQL's own functions that are not IMMUTABLE, and of its aggregates.
//
// A STABLE function is harmless if what it depends on is in its arguments or in a setting that is
// pinned (`PinnedSettings`). That list is closed: a function which is not on it, of a later version
// too, counts as a reader of the catalogue.

/// Kinds of PostgreSQL's own functions.
enum BuiltInFunctions {
    /// Functions whose answer is the time.
    static let clocks: Set<String> = [
        "now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday",
    ]

    /// Functions that give another answer each time.
    static let changing: Set<String> = [
        "random", "random_normal", "setseed", "gen_random_uuid", "uuidv4", "uuidv7", "nextval",
        "currval", "lastval", "setval", "set_config", "pg_backend_pid", "txid_current",
        "txid_current_if_assigned", "txid_current_snapshot", "pg_current_xact_id",
        "pg_current_xact_id_if_assigned", "pg_current_snapshot", "pg_sleep", "pg_sleep_for",
        "pg_sleep_until", "pg_notify", "mxid_age",
    ]

    /// The same of extensions, which leave them VOLATILE.
    static let changingExtensions: Set<String> = [
        "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "gen_random_bytes",
        "gen_salt", "normal_rand",
    ]

    /// Functions that depend on the connection.
    static let session: Set<String> = [
        "current_database", "current_schema", "current_schemas", "current_setting",
        "current_user", "session_user", "system_user", "getpgusername", "get_current_ts_config",
        "inet_client_addr", "inet_client_port", "inet_server_addr", "inet_server_port",
        "pg_client_encoding", "pg_my_temp_schema", "pg_listening_channels", "pg_trigger_depth",
        "version", "row_security_active",
    ]

    /// Functions that depend on their arguments and on pinned settings.
    private static let harmless: Set<String> = [
        "age", "anytextcat", "array_to_json", "array_to_string", "concat", "concat_ws",
        "convert", "convert_from", "convert_to", "date", "date_add", "date_part",
        "date_subtract", "date_trunc", "enum_first", "enum_last", "enum_range", "extract",
        "format", "generate_series", "getdatabaseencoding", "in_range",
        "interval_pl_timestamptz", "json_build_array", "json_build_object",
        "json_populate_record", "json_populate_recordset", "json_to_record",
        "json_to_recordset", "json_to_tsvector", "jsonb_build_array", "jsonb_build_object",
        "jsonb_path_exists_tz", "jsonb_path_match_tz", "jsonb_path_query_array_tz",
        "jsonb_path_query_first_tz", "jsonb_path_query_tz", "jsonb_populate_record",
        "jsonb_populate_recordset", "jsonb_to_record", "jsonb_to_recordset",
        "jsonb_to_tsvector", "length", "make_timestamptz", "money", "numeric", "overlaps",
        "pg_collation_for", "pg_typeof", "phraseto_tsquery", "plainto_tsquery",
        "quote_literal", "quote_nullable", "row_to_json", "textanycat", "time", "timestamp",
        "timestamptz", "timestamptz_mi_interval", "timestamptz_pl_interval", "timetz",
        "timezone", "to_char", "to_date", "to_json", "to_jsonb", "to_number", "to_timestamp",
        "to_tsquery", "to_tsvector", "ts_debug", "ts_headline", "ts_match_tq", "ts_match_tt",
        "ts_parse", "ts_token_type", "websearch_to_tsquery", "xml", "xml_is_well_formed",
    ]

    /// timetz, whose zone has another offset in summer.
    private static let timeWithZone = 1266

    /// What is doubtful about a call; nil for nothing.
    static func doubt(_ routine: Routine) -> Doubt.Kind? {
        guard routine.isBuiltIn, routine.volatility != "i" || routine.name.name == "age" else {
            return nil
        }
        let name = routine.name.name
        if clocks.contains(name) { return .clock }
        if name == "age", routine.argumentTypes.count == 1 { return .clock }
        if name == "timezone", routine.argumentTypes.last == timeWithZone,
            routine.argumentTypes.first == 25
        {
            return .clock
        }
        if changing.contains(name) { return .changing }
        if session.contains(name) { return .session }
        // Who takes a lock waits, and learns nothing.
        if name.hasPrefix("pg_advisory_") { return nil }
        if harmless.contains(name) || isComparison(name) || routine.kind != "f" { return nil }
        return .catalogue
    }

    /// `date_lt_timestamptz` and its like: they depend on the time zone, which is pinned.
    private static func isComparison(_ name: String) -> Bool {
        let parts = name.split(separator: "_")
        return parts.count == 3 && ["date", "timestamp", "timestamptz"].contains(parts[0])
            && ["date", "timestamp", "timestamptz"].contains(parts[2])
            && ["lt", "le", "eq", "ne", "ge", "gt", "cmp"].contains(parts[1])
    }

    // MARK: Aggregates

    /// Aggregates that are lists in the order of their rows.
    static let lists: Set<String> = [
        "json_agg", "jsonb_agg", "array_agg", "string_agg", "xmlagg", "json_object_agg",
        "json_agg_strict", "jsonb_agg_strict", "json_object_agg_strict",
        "json_object_agg_unique", "json_object_agg_unique_strict", "any_value",
    ]

    /// Aggregates of which the last value with a key stays.
    static let objects: Set<String> = ["jsonb_object_agg", "jsonb_object_agg_strict"]

    /// Whether an aggregate adds floating-point numbers up.
    static func addsFloats(_ routine: Routine) -> Bool {
        let name = routine.name.name
        return routine.argumentTypes.contains { $0 == 700 || $0 == 701 }
            && !["min", "max", "count", "regr_count"].contains(name) && routine.kind == "a"
    }

    /// Functions in which the order of two steps makes no difference.
    static let orderFree: Set<String> = [
        "int2pl", "int4pl", "int8pl", "int8inc", "int8inc_any", "int2_sum", "int4_sum",
        "int8_avg_accum", "int4_avg_accum", "int2_avg_accum", "numeric_add",
        "numeric_avg_accum", "numeric_accum", "interval_pl", "cash_pl", "booland_statefunc",
        "boolor_statefunc", "bool_accum", "int2larger", "int4larger", "int8larger",
        "int2smaller", "int4smaller", "int8smaller", "date_larger", "date_smaller",
        "timestamp_larger", "timestamp_smaller", "timestamptz_larger", "timestamptz_smaller",
        "text_larger", "text_smaller", "float8larger", "float8smaller", "float4larger",
        "float4smaller", "int2and", "int4and", "int8and", "int2or", "int4or", "int8or",
        "int4xor", "int8xor", "int2mul", "int4mul", "int8mul",
    ]
}
