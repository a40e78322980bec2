import Synchronization

/// How a setting gets its value; for the commands of a site's program alone.
public struct SettingReading: Sendable {
    /// The longest value, in bytes.
    static let valueBytesMax = 4_096
    /// The most settings of a site.
    static let settingsMax = 50

    /// What a variable has; nil where it is not set.
    package typealias Found = (name: String, text: String?)

    /// What was read; nil before.
    private static let read = Mutex<[Found]?>(nil)

    private let take: @Sendable (String?) throws(SettingFault) -> Void

    init(_ take: @escaping @Sendable (String?) throws(SettingFault) -> Void) { self.take = take }

    /// Reads all settings of a site.
    ///
    /// - Parameters:
    ///   - settings: those that the site names.
    ///   - environment: the variables and their values.
    /// - Throws: the first that is missing or wrong.
    package static func readAll(
        _ settings: [any AnySetting], from environment: [String: String]
    ) throws(SettingFault) {
        precondition(
            settings.count <= settingsMax, "A site has at most \(settingsMax) settings.")
        var found: [Found] = []
        for setting in settings {
            // As for every variable of sitegen's, empty is not set.
            let text = environment[setting.name].flatMap { $0.isEmpty ? nil : $0 }
            try setting.reading.take(text)
            found.append((setting.name, text))
        }
        read.withLock { $0 = found }
    }

    /// What the variables of the site's settings have; none before they are read.
    package static var found: [Found] { read.withLock { $0 } ?? [] }

    /// Whether settings were read, and this was not among them.
    static func isDone(without name: String) -> Bool {
        read.withLock { $0.map { !$0.contains { $0.name == name } } ?? false }
    }

    /// Whether a text may name a variable.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x41...0x5A).contains(first) else { return false }
        return text.utf8.count <= 100
            && text.utf8.allSatisfy {
                (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
            }
    }
}
