// Bulk loading through COPY … FROM STDIN in text format.
//
// Text and not binary: it suits every column type without knowing it, and the server is the slower
// side anyway. If the closure throws, nothing of it is loaded: the server is told to fail the COPY.

internal import CLibPQ

/// Takes the rows of one COPY.
@safe package struct CopyWriter: ~Copyable {
    private var buffer: [UInt8] = []
    private let raw: OpaquePointer
    private let columnCount: Int

    @unsafe init(to raw: OpaquePointer, columnCount: Int) {
        unsafe self.raw = raw
        self.columnCount = columnCount
        buffer.reserveCapacity(PostgresLimits.copyBufferBytes + 4_096)
    }

    /// Adds a row.
    ///
    /// - Parameter fields: one for each column of the COPY, in its order.
    /// - Throws: `.misuse` for another number of fields, `.connectionLost`.
    package mutating func row(_ fields: [Parameter]) throws(PostgresError) {
        guard fields.count == columnCount else {
            throw .misuse(
                """
                A row of \(fields.count) fields was given to a COPY of \(columnCount) columns.
                Give one field for each column.
                """)
        }
        for (index, field) in fields.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: "\t")) }
            guard let value = field.value else {
                buffer.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "N")])
                continue
            }
            append(value.postgresText)
        }
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= PostgresLimits.copyBufferBytes { try flush() }
    }

    /// Backslash, tab, line feed and carriage return mean something; section "COPY", text format.
    private mutating func append(_ text: String) {
        for byte in text.utf8 {
            let letter: UInt8
            switch byte {
            case UInt8(ascii: "\\"): letter = byte
            case UInt8(ascii: "\t"): letter = UInt8(ascii: "t")
            case UInt8(ascii: "\n"): letter = UInt8(ascii: "n")
            case UInt8(ascii: "\r"): letter = UInt8(ascii: "r")
            default:
                buffer.append(byte)
                continue
            }
            buffer.append(UInt8(ascii: "\\"))
            buffer.append(letter)
        }
    }

    mutating func flush() throws(PostgresError) {
        guard !buffer.isEmpty else { return }
        let sent = unsafe buffer.withUnsafeBytes { bytes in
            unsafe PQputCopyData(
                raw, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
        }
        guard sent == 1 else {
            throw unsafe .connectionLost(message: Connection.message(of: raw))
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

extension Connection {
    /// Loads rows into a table.
    ///
    /// - Parameters:
    ///   - table: its name as SQL writes it, such as `shop.rooms`; quoting is the caller's.
    ///   - columns: the columns in the order of the fields, plain names.
    ///   - body: gives the rows; must not use the connection. What it throws undoes the load.
    /// - Returns: how many rows were loaded.
    /// - Throws: the server's error or what `body` threw.
    @discardableResult
    package borrowing func copyIn(
        _ table: String, columns: [String],
        _ body: (inout CopyWriter) throws(PostgresError) -> Void
    ) throws(PostgresError) -> Int {
        try requireIdle()
        let names = columns.map { Self.quoted(identifier: $0) }.joined(separator: ", ")
        let start = unsafe PQexec(raw, "COPY \(table) (\(names)) FROM STDIN")
        guard let start = unsafe start else { throw failure() }
        let answer = unsafe QueryResult(owning: start)
        guard answer.status == PGRES_COPY_IN else { throw failure(answer, statement: nil) }
        session.isBusy = true
        defer { session.isBusy = false }
        var writer = unsafe CopyWriter(to: raw, columnCount: columns.count)
        do throws(PostgresError) {
            try body(&writer)
            try writer.flush()
        } catch {
            unsafe PQputCopyEnd(raw, "the loader gave up")
            while let result = unsafe PQgetResult(raw) { unsafe PQclear(result) }
            throw error
        }
        guard unsafe PQputCopyEnd(raw, nil) == 1 else { throw failure() }
        let result = unsafe try checked(unsafe PQgetResult(raw), statement: nil)
        while let extra = unsafe PQgetResult(raw) { unsafe PQclear(extra) }
        return result.affectedRows
    }
}
