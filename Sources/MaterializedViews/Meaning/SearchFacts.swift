// What text search means: which dictionaries a configuration asks for each kind of word, and with
// which options.
//
// Which configuration a statement uses may come from a row, so that all of them count for whoever
// reads any. The files of stop words and synonyms lie outside of the database, and are not seen.

import Postgres

/// Facts about configurations and dictionaries of text search.
enum SearchFacts {
    /// One digest of all of them.
    static func read(on connection: borrowing Connection) throws(ViewError) -> String {
        let rows = try connection.texts(
            """
            SELECT encode(sha256(convert_to(concat_ws('|',
                (SELECT string_agg(concat_ws(' ', c.oid, c.cfgname, c.cfgnamespace, c.cfgparser,
                        m.maptokentype, m.mapseqno, m.mapdict), ','
                    ORDER BY c.oid, m.maptokentype, m.mapseqno)
                 FROM pg_catalog.pg_ts_config c
                 LEFT JOIN pg_catalog.pg_ts_config_map m ON m.mapcfg = c.oid),
                (SELECT string_agg(concat_ws(' ', d.oid, d.dictname, d.dicttemplate,
                        d.dictinitoption), ',' ORDER BY d.oid)
                 FROM pg_catalog.pg_ts_dict d)), 'UTF8')), 'hex')
            """, doing: "reading text search configurations")
        return rows.first?[0] ?? ""
    }
}
