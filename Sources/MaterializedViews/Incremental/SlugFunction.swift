// `sitegen.slug(text)`: what view files make addresses of.
//
// The function is PostgreSQL's, so that a view, an index and a program of others get the same
// slug from the same text, whatever the session's settings are. It is IMMUTABLE: what it gives may
// never change under a name that is in use, since addresses of pages hang on it. Names within are
// qualified, and it uses no operator: nobody's search_path reaches into it.

import Postgres

/// The function that makes a part of an address from a text.
enum SlugFunction {
    /// How `DROP FUNCTION` names it.
    static func signature(in schema: SiteSchema) -> String { "\(schema).slug(text)" }

    /// The longest slug, in characters, all of them ASCII.
    static let charactersMax = 80

    /// CREATE OR REPLACE FUNCTION, without a semicolon.
    ///
    /// Marks leave their letters (`é` is `e`), letters of Latin scripts that have no marks to leave
    /// are written out (`ß`, `ø`, `æ`), apostrophes vanish, and whatever else is no letter or digit
    /// is one hyphen. A text without any of these gives the empty text.
    static func create(in schema: SiteSchema) -> String {
        """
        CREATE OR REPLACE FUNCTION \(signature(in: schema)) RETURNS text
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $slug$
            SELECT pg_catalog.rtrim(pg_catalog.left(pg_catalog.btrim(
                pg_catalog.regexp_replace(\(latin), '[^a-z0-9]+', '-', 'g'),
                '-'), \(charactersMax)), '-')
        $slug$
        """
    }

    /// SQL of the text's Latin letters in ASCII and in lower case.
    private static var latin: String {
        let plain = """
            pg_catalog.regexp_replace(
                pg_catalog.normalize($1, 'NFKD') COLLATE pg_catalog."C",
                '[\\u0300-\\u036f\\u0027\\u2018\\u2019\\u02bc]', '', 'g')
            """
        let letters = """
            pg_catalog.translate(\(plain), 'ØøŁłĐđÐðĦħŦŧı', 'oollddddhhtti')
            """
        let pairs = [
            ("ß", "ss"), ("ẞ", "ss"), ("æ", "ae"), ("Æ", "ae"), ("œ", "oe"), ("Œ", "oe"),
            ("þ", "th"), ("Þ", "th"),
        ]
        let written = pairs.reduce(letters) { text, pair in
            "pg_catalog.replace(\(text), '\(pair.0)', '\(pair.1)')"
        }
        return "pg_catalog.lower(\(written))"
    }
}
