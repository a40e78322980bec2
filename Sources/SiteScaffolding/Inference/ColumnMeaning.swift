// What a column is for, as far as its name tells.
//
// Names are compared word by word, so that `hashtag` is no hash and `cardinality` no card. A wrong
// guess that leaves a column out costs a line in a view; one that shows a password would cost more,
// so whatever looks like a secret stays out.

/// What names of columns mean.
enum ColumnMeaning {
    /// Whether a column's values must not be shown unasked.
    static func isSecret(_ name: String) -> Bool {
        let words = NameWords.words(of: name)
        return words.contains { secrets.contains($0) || personal.contains($0) }
            || words.joined().hasPrefix("creditcard") || words.joined(separator: " ") == "e mail"
    }

    /// Whether a column says that the rows of its table are people.
    static func isPersonal(_ name: String) -> Bool {
        let words = NameWords.words(of: name)
        return words.contains(where: personal.contains) || words.joined(separator: " ") == "e mail"
    }

    private static let personal: Set<String> = [
        "password", "passwd", "passwort", "pwd", "pass", "email", "mail", "phone", "telephone",
        "telefon", "mobile", "birth", "birthday", "birthdate", "dob", "ssn", "iban", "passport",
        "salary",
    ]
    private static let secrets: Set<String> = [
        "secret", "token", "hash", "salt", "fax", "address", "address1", "address2", "street",
        "postal", "postcode", "zip", "zipcode", "card", "cvv", "apikey", "otp", "pin", "session",
        "ip",
    ]

    /// Whether a column only says when a row was written, and by whom.
    static func isAudit(_ name: String) -> Bool {
        audits.contains(NameWords.words(of: name).joined(separator: "_"))
    }

    private static let audits: Set<String> = [
        "last_update", "last_updated", "last_modified", "created", "created_at", "created_on",
        "updated", "updated_at", "updated_on", "modified", "modified_at", "modified_on",
        "inserted_at", "create_date", "created_date", "update_date", "modified_date",
        "date_created", "date_updated", "date_modified", "created_by", "updated_by",
        "modified_by", "row_version", "lock_version", "changed_at",
    ]

    /// Whether a time says when the row was changed last.
    static func isModification(_ name: String) -> Bool {
        [
            "last_update", "last_updated", "last_modified", "updated", "updated_at", "updated_on",
            "modified", "modified_at", "modified_on", "update_date", "modified_date",
            "date_updated", "date_modified", "changed_at",
        ].contains(NameWords.words(of: name).joined(separator: "_"))
    }

    /// What a column decides about whether its row is shown.
    enum Visibility {
        /// A time from which the row is shown.
        case from
        /// A time until which it is shown.
        case until
        /// A time at which it was taken away.
        case deleted
        /// Whether it is shown.
        case shown
        /// Whether it is not.
        case hidden
    }

    /// What a column decides; nil for most.
    static func visibility(_ name: String) -> Visibility? {
        switch NameWords.words(of: name).joined(separator: "_") {
        case "published_at", "publish_at", "published_on", "date_published", "publish_date",
            "visible_from", "publication_time", "release_at":
            .from
        case "expires_at", "expire_at", "expired_at", "date_expired", "visible_until",
            "valid_until", "unpublish_at":
            .until
        case "deleted_at", "date_deleted", "removed_at", "archived_at": .deleted
        case "is_published", "published", "is_visible", "visible", "is_active", "active",
            "activebool", "is_enabled", "enabled", "is_public":
            .shown
        case "is_deleted", "deleted", "is_hidden", "hidden", "is_draft", "draft", "is_archived",
            "archived":
            .hidden
        default: nil
        }
    }

    /// Whether a column is likely to hold running text.
    static func isRunningText(_ name: String) -> Bool {
        let words = NameWords.words(of: name)
        return words.contains { word in
            [
                "description", "body", "text", "content", "summary", "abstract", "bio",
                "biography", "story", "synopsis", "plot", "about", "intro", "introduction",
                "notes", "remarks", "comment", "beschreibung", "details",
            ].contains(word)
        }
    }

    /// Whether digits of a number stand alone, as those of a year do.
    static func isPlainNumber(_ name: String) -> Bool {
        NameWords.words(of: name).contains { word in
            ["id", "year", "no", "nr", "number", "code", "isbn", "ean", "sku", "key", "ref"]
                .contains(word)
        }
    }

    /// How good a column is as the name of its row, from 0; nil if it is none.
    static func labelRank(_ name: String, table: String) -> Int? {
        let words = NameWords.words(of: name).joined(separator: "_")
        let table = NameWords.words(of: table).joined(separator: "_")
        let ranks = [
            "title", "name", "headline", "subject", "label", table, "\(table)_name",
            "\(table)_title", "display_name", "full_name", "titel", "bezeichnung", "nom", "nombre",
        ]
        return ranks.firstIndex(of: words)
    }

    /// Whether a text that is unique is meant for addresses.
    static func isSlug(_ name: String) -> Bool {
        NameWords.words(of: name).contains { word in
            ["slug", "handle", "permalink", "code"].contains(word)
        }
    }
}
