// The history of an output folder: one line for each switch, the newest last.
//
// A line is written before its switch, so that a full disk is noticed while nothing has changed.
// A switch that then fails takes its line back; one that was killed is found out by `mend`.

import Glibc
import Groundwork
import Hashing

/// One switch of the current release.
package struct HistoryLine: Sendable, Equatable {
    /// When, in UTC: `2026-01-31T23:59:59Z`.
    package let time: String
    /// What became current.
    package let id: ReleaseID
}

/// The `history` file of an output folder.
enum ReleaseHistory {
    private static let bytesMax = ReleaseLimits.historyLinesMax * 64

    /// The lines, oldest first; those that are malformed are left out.
    static func lines(in root: borrowing Descriptor) throws(ReleaseError) -> [HistoryLine] {
        guard root.length(of: ReleaseLayout.history) != nil else { return [] }
        let bytes = try root.read(ReleaseLayout.history, limit: bytesMax)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ")
            guard parts.count == 2, let id = ReleaseID(parts[1]) else { return nil }
            return HistoryLine(time: String(parts[0]), id: id)
        }
    }

    /// A time before the present, as a line has it.
    static func time(secondsAgo: Int = 0) -> String {
        DateText.timestamp(secondsSince1970: Glibc.time(nil) - secondsAgo)
    }

    /// Appends a line and runs the switch; takes the line back when the switch fails.
    static func recording(
        _ id: ReleaseID, in root: borrowing Descriptor,
        _ switching: () throws(ReleaseError) -> Void
    ) throws(ReleaseError) {
        let file = try root.appendable(ReleaseLayout.history)
        let length = try file.length()
        do throws(ReleaseError) {
            try file.append(Array("\(time()) \(id)\n".utf8))
            try switching()
        } catch {
            try? file.truncate(to: length)
            throw error
        }
    }

    /// Removes the last line when its switch never happened.
    static func mend(
        in root: borrowing Descriptor, _ temporary: borrowing Descriptor, current: ReleaseID?
    ) throws(ReleaseError) {
        let lines = try lines(in: root)
        guard let last = lines.last, last.id != current else { return }
        try replace(lines.dropLast(), in: root, temporary)
    }

    /// Keeps the newer half of a history that has grown too long.
    static func shorten(
        in root: borrowing Descriptor, _ temporary: borrowing Descriptor
    ) throws(ReleaseError) {
        guard let length = root.length(of: ReleaseLayout.history), length > bytesMax / 2 else {
            return
        }
        try replace(
            try lines(in: root).suffix(ReleaseLimits.historyLinesMax / 4), in: root, temporary)
    }

    private static func replace(
        _ lines: ArraySlice<HistoryLine>, in root: borrowing Descriptor,
        _ temporary: borrowing Descriptor
    ) throws(ReleaseError) {
        let text = lines.map { "\($0.time) \($0.id)\n" }.joined()
        try temporary.remove(ReleaseLayout.history)
        try temporary.write(Array(text.utf8), to: ReleaseLayout.history, isDurable: true)
        try temporary.rename(ReleaseLayout.history, to: root, ReleaseLayout.history)
    }
}
