// What generated initialisers call: one column of a row as a Swift value.
//
// The good path is one call into Postgres for each column; the key is read, and the schema touched,
// only once something did not fit. JSON goes from the column's bytes into the author's `Decodable`
// types with their own names for keys: `{"first_name": …}` needs `firstName` in the SQL or
// CodingKeys in the type. Converting names by rule (convertFromSnakeCase) was measured at 1.5 to
// 1.7 times the cost of decoding, and names that look like neither case would be guessed at.

internal import FoundationEssentials
public import Postgres

extension Row {
    /// The value of a column.
    ///
    /// - Parameters:
    ///   - place: the column's place in the schema, from 0.
    ///   - type: the row type, for the error's text.
    /// - Returns: the value; NULL is nil where `Value` is optional.
    /// - Throws: NULL where `Value` is not optional, or a value of another type.
    @inlinable
    public borrowing func column<Value: PostgresDecodable, R: ViewRow>(
        _ place: Int, of type: R.Type
    ) throws(RowError) -> Value {
        do throws(PostgresError) {
            return try value(place, as: Value.self)
        } catch {
            throw rowError(error, place, R.schema, "\(Value.self)")
        }
    }

    /// The value of a JSON column.
    ///
    /// - Parameters:
    ///   - place: the column's place in the schema, from 0.
    ///   - type: the row type, for the error's text.
    /// - Returns: the JSON read as `Value`.
    /// - Throws: NULL, or JSON of another shape; never the JSON itself.
    public borrowing func json<Value: Decodable, R: ViewRow>(
        _ place: Int, of type: R.Type
    ) throws(RowError) -> Value {
        let text: JSONText = try column(place, of: type)
        return try decoded(text, place, R.schema)
    }

    /// The value of a JSON column that may be NULL, or hold JSON's own `null`.
    ///
    /// - Parameters:
    ///   - place: the column's place in the schema, from 0.
    ///   - type: the row type, for the error's text.
    /// - Returns: the JSON read as `Value`, or nil.
    /// - Throws: JSON of another shape; never the JSON itself.
    public borrowing func optionalJSON<Value: Decodable, R: ViewRow>(
        _ place: Int, of type: R.Type
    ) throws(RowError) -> Value? {
        let text: JSONText? = try column(place, of: type)
        guard let text else { return nil }
        let value: Value? = try decoded(text, place, R.schema)
        return value
    }

    private borrowing func decoded<Value: Decodable>(
        _ text: JSONText, _ place: Int, _ schema: ViewSchema
    ) throws(RowError) -> Value {
        do {
            let value = try JSONText.decoder.decode(Value.self, from: text.data)
            try MisspeltKey.check(value, madeFrom: text.data)
            return value
        } catch {
            throw RowError(
                view: schema.name, column: schema.columnName(place), key: key(by: schema),
                reason: .json(type: "\(Value.self)", problem: JSONText.problem(error)))
        }
    }

    /// An error of a column with the row's key.
    @usableFromInline
    borrowing func rowError(
        _ error: PostgresError, _ place: Int, _ schema: ViewSchema, _ expected: String
    ) -> RowError {
        let reason: RowError.Reason =
            switch error {
            case .unexpectedNull: .null
            case .typeMismatch(_, _, let found):
                .type(expected: expected, problem: "the database has \(found)")
            case .malformedValue: .type(expected: expected, problem: "its bytes are something else")
            default: .type(expected: expected, problem: error.description)
            }
        return RowError(
            view: schema.name, column: schema.columnName(place), key: key(by: schema),
            reason: reason)
    }

    /// The row's key as text; nil where it cannot be read.
    package borrowing func key(by schema: ViewSchema) -> String? {
        var parts: [String] = []
        for place in schema.keyPlaces {
            guard let part = keyPart(place) else { return nil }
            parts.append(part)
        }
        return parts.isEmpty ? nil : RowKey.joined(parts)
    }

    private borrowing func keyPart(_ place: Int) -> String? {
        if let text = try? value(place, as: String.self) { return text }
        if let number = try? value(place, as: Int64.self) { return String(number) }
        if let id = try? value(place, as: PostgresUUID.self) { return id.description }
        if let date = try? value(place, as: PostgresDate.self) { return date.description }
        if let time = try? value(place, as: Timestamp.self) { return time.description }
        if let number = try? value(place, as: Numeric.self) { return number.description }
        return nil
    }
}

extension ViewSchema {
    func columnName(_ place: Int) -> String {
        columns.indices.contains(place) ? columns[place].name : "column \(place + 1)"
    }
}
