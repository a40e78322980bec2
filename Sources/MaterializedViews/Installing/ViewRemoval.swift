// Stepping aside for another program's migrations, and leaving for good.
//
// The statements of incremental views are views, and PostgreSQL refuses to change a column that a
// view reads. `detach` takes statements, functions and triggers away and leaves the rows, so that
// pages go on being served; `apply` brings them back and looks at every row once. What
// changes in between is found then. Nothing is dropped with CASCADE.

package import Postgres

extension ViewInstaller {
    /// Takes away what stands in the way of changing tables; rows stay readable.
    ///
    /// `apply` attaches again. A second call does nothing.
    ///
    /// - Returns: the views that stand aside now, sorted.
    /// - Throws: `.notInstalled`, `.locked`, `.permission`, `.database`; nothing has changed then.
    package static func detach(
        on connection: borrowing Connection
    ) throws(ViewError) -> [String] {
        guard try ViewCatalogue.isPrepared(on: connection) else { throw .notInstalled }
        return try lockingBriefly(on: connection, doing: "detaching") {
            (connection) throws(ViewError) in
            try lockOutRefreshing(on: connection)
            let records = try ViewCatalogue.records(on: connection)
            let order = try ViewOrder.sorted(
                records.map(\.name),
                reading: Dictionary(
                    records.map { ($0.name, $0.references) },
                    uniquingKeysWith: { first, _ in first }))
            var detached: [String] = []
            for name in order.reversed() {
                guard let record = records.first(where: { $0.name == name }),
                    record.relationKind == "r", record.hasStatement
                else { continue }
                let drops = try IncrementalView.drops(of: name, on: connection)
                try run(drops, on: connection, doing: "detaching \(name)")
                detached.append(name)
            }
            try run(
                [CoreScript.createStep([], [:], in: connection.schema)], on: connection,
                doing: "emptying \(connection.schema).step")
            try TriggerInstaller.removeTriggers(except: [], on: connection)
            try prepareSchema(on: connection)
            try ViewFilling.forgetAll(on: connection)
            try connection.perform(
                "UPDATE \(connection.schema).installation SET is_attached = false",
                doing: "detaching")
            return detached.sorted()
        }
    }

    /// Keeps refreshing and other installations waiting until the transaction ends.
    private static func lockOutRefreshing(
        on connection: borrowing Connection
    ) throws(ViewError) {
        try connection.perform(
            """
            LOCK TABLE \(connection.schema).leader, \(connection.schema).installation
            IN EXCLUSIVE MODE
            """,
            doing: "waiting for views that are being refreshed")
    }

    /// Removes everything of sitegen's from the database.
    ///
    /// - Returns: the names of the views that were dropped, readers first.
    /// - Throws: `.notInstalled`, `.inUse`, `.locked`, `.database`; nothing has changed then.
    package static func drop(on connection: borrowing Connection) throws(ViewError) -> [String] {
        guard try ViewCatalogue.isPrepared(on: connection) else { throw .notInstalled }
        return try lockingBriefly(on: connection, doing: "dropping sitegen's schema") {
            (connection) throws(ViewError) in
            try lockOutRefreshing(on: connection)
            let plan = try InstallPlan(
                definitions: [], installed: installedViews([], [:], on: connection))
            try dropReplaced(plan, on: connection)
            try TriggerInstaller.removeTriggers(except: [], on: connection)
            do throws(PostgresError) {
                let schema = connection.schema
                try connection.run("DROP FUNCTION IF EXISTS \(schema).step(int)")
                let slug = SlugFunction.signature(in: schema)
                try connection.run("DROP FUNCTION IF EXISTS \(slug)")
                for table in CoreScript.tables {
                    try connection.run("DROP TABLE IF EXISTS \(schema).\(table)")
                }
                try connection.run("DROP SEQUENCE \(schema).rev; DROP SCHEMA \(schema)")
            } catch {
                if case .server(let report) = error, report.sqlState == "2BP01" {
                    throw .inUse(
                        view: "", detail: report.detail ?? report.message)
                }
                throw ViewError(error, in: nil, doing: "dropping sitegen's schema")
            }
            return plan.drops.map(\.name)
        }
    }
}
