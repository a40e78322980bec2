import Markup
import Synchronization

/// Adds up costs from all workers.
final class CostGathering: Sendable {
    private let reports = Mutex<[String: ComponentReport]>([:])

    /// Adds a page.
    func add(_ costs: [ComponentCost]) {
        guard !costs.isEmpty else { return }
        reports.withLock { reports in
            for cost in costs {
                var report = reports[cost.name] ?? ComponentReport(name: cost.name)
                report.pages += 1
                report.uses += cost.uses
                report.bytes += cost.bytes
                report.seconds += Double(cost.time) / 1e9
                reports[cost.name] = report
            }
        }
    }

    /// The components, those that took longest first.
    var all: [ComponentReport] {
        reports.withLock { reports in
            reports.values.sorted { ($1.seconds, $0.name) < ($0.seconds, $1.name) }
        }
    }
}
