// Names and texts in SQL: quoted where PostgreSQL would read them as something else.
//
// A plain name in lower case stays as it is, so that written views read well; whatever might be a
// key word, of any version, is quoted. No I/O.

import Postgres

/// Writes names for SQL.
enum SQLName {
    /// The name, in quotes unless it is plain.
    static func quoted(_ name: String) -> String {
        guard let first = name.utf8.first, first == 0x5F || (0x61...0x7A).contains(first),
            name.utf8.allSatisfy({ byte in
                byte == 0x5F || (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
            }), !keywords.contains(name)
        else { return Connection.quoted(identifier: name) }
        return name
    }

    /// Words that mean something to PostgreSQL where a name may stand: reserved ones, and those
    /// that are no names of columns or functions.
    private static let keywords = Set(
        """
        all analyse analyze and any array as asc asymmetric authorization between bigint binary bit
        boolean both case cast char character check coalesce collate collation column concurrently
        constraint create cross current_catalog current_date current_role current_schema
        current_time current_timestamp current_user dec decimal default deferrable desc distinct do
        else end except exists extract false fetch float for foreign freeze from full grant greatest
        group grouping having ilike in initially inner inout int integer intersect interval into is
        isnull join json json_array json_arrayagg json_exists json_object json_objectagg json_query
        json_scalar json_serialize json_table json_value lateral leading least left like limit
        localtime localtimestamp merge_action national natural nchar none normalize not notnull null
        nullif numeric offset on only or order out outer overlaps overlay placing position precision
        primary real references returning right row select session_user setof similar smallint some
        substring symmetric system_user table tablesample then time timestamp to trailing treat trim
        true union unique user using values varchar variadic verbose when where window with
        xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
        xmlserialize xmltable
        """.split { $0 == " " || $0 == "\n" }.map(String.init))
}
