// Finds the row of an address: known, told by another process, guessed, or by reading all rows a
// few at a time.
//
// Whatever says where a row is may be wrong by now, so the row itself is asked before it is shown.

import MaterializedViews
import ReleaseFormat
import SiteAuthoring

extension SiteProofs {
    /// What stands at an address, and the route that has it.
    struct Found {
        let output: Output
        let route: Route
        let key: String
    }

    /// Whether every address is known.
    package var knowsAllAddresses: Bool { unread.isEmpty }

    /// The next route whose rows are to be read for their addresses, and can be.
    private var nextUnread: Int? {
        open?.cursor
            ?? unread.first { number in
                !(site.routes[number].schema.map { uninstalled.contains($0.name) } ?? false)
            }
    }

    /// Whether `findSome` has something to do.
    package var canFindAddresses: Bool { nextUnread != nil }

    /// How many addresses are known.
    package var addressCount: Int { index.count + files.files.count }

    /// Notes where another process of the same site found an address; it is checked before use.
    package func expect(_ path: String, of routeName: String, key: String) {
        guard let number = site.routes.firstIndex(where: { $0.name == routeName }) else { return }
        expected[path] = (number, key)
    }

    /// Reads the addresses of some more rows.
    ///
    /// - Throws: what PostgreSQL and the views throw; disconnect then.
    package func findSome() throws {
        let open = try connections()
        guard let number = nextUnread else { return }
        let route = site.routes[number]
        guard case .rows(let schema, let decode) = route.source else {
            unread.removeAll { $0 == number }
            return
        }
        if open.cursor == nil {
            try open.finding.renew()
            try open.finding.open(schema)
            open.cursor = number
            seenKeys = []
        }
        let rows = try open.finding.next(
            BuildLimits.proofRowsPerBatch, of: schema, for: route.name, decode: decode)
        for row in rows {
            seenKeys.insert(row.key)
            guard case .success(let outputs) = row.value,
                !changedMeanwhile.contains(ViewKey(schema.name, row.key))
            else { continue }
            try index.set(outputs.outputs, of: number, key: row.key, in: site)
        }
        guard rows.isEmpty else { return }
        for row in changedMeanwhile where row.view == schema.name { seenKeys.insert(row.key) }
        index.keep(seenKeys, of: number)
        try open.finding.end()
        open.cursor = nil
        unread.removeAll { $0 == number }
        seenKeys = []
        if unread.isEmpty { changedMeanwhile = [] }
    }

    /// The output at a path, found without reading all rows; nil if it is not known.
    func find(_ path: String, _ reading: inout RowReading) throws -> Result<Found, PageProblem>? {
        if let place = index[path] {
            if let found = try look(path, place.route, place.key, &reading) { return found }
            index.remove(place.key ?? "", of: place.route)
        }
        if let (number, key) = expected[path] {
            if let found = try look(path, number, key, &reading) { return found }
            expected[path] = nil
        }
        for number in unread {
            guard site.routes[number].schema.map({ isReadable($0, by: reading) }) ?? false,
                let key = try guess(number, &reading)?.key(of: path)
            else { continue }
            if let found = try look(path, number, key, &reading) { return found }
        }
        return nil
    }

    private func look(
        _ path: String, _ number: Int, _ key: String?, _ reading: inout RowReading
    ) throws -> Result<Found, PageProblem>? {
        let route = site.routes[number]
        switch route.source {
        case .single(let row):
            return row.outputs.first { site.place(of: $0) == path }.map {
                .success(Found(output: $0, route: route, key: ""))
            }
        case .rows(let schema, let decode):
            guard let key,
                let row = try reading.rows(
                    of: schema, keys: [key], for: route.name, decode: decode
                ).first
            else { return nil }
            switch row.value {
            case .failure(let error): return .failure(error)
            case .success(let outputs):
                return outputs.outputs.first { site.place(of: $0) == path }.map {
                    .success(Found(output: $0, route: route, key: row.key))
                }
            }
        }
    }

    /// How addresses of a route hold keys, learned from one row.
    private func guess(_ number: Int, _ reading: inout RowReading) throws -> KeyGuess? {
        if let known = guesses[number] { return known }
        guard case .rows(let schema, let decode) = site.routes[number].source else { return nil }
        // A key of another type than text may be no value of it, and the question an error.
        guard schema.key.count == 1, schema.isTextKey else {
            guesses[number] = .some(nil)
            return nil
        }
        try reading.open(schema)
        let row = try reading.next(1, of: schema, for: site.routes[number].name, decode: decode)
            .first
        try reading.close()
        guard let row, case .success(let outputs) = row.value else { return nil }
        let guess = outputs.outputs.lazy.compactMap {
            KeyGuess(key: row.key, path: self.site.place(of: $0))
        }.first
        guesses[number] = .some(guess)
        return guess
    }
}

extension ViewSchema {
    /// Whether any text is a value of the key's first column.
    fileprivate var isTextKey: Bool {
        columns.first { $0.name == key.first }.map { ["text", "citext"].contains($0.type) } ?? false
    }
}
