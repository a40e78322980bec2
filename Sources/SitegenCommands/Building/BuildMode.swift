// The ways to build, of which a command line names one at most, and what only some of them take.
//
// They are flags, `build --follow`, since they are what people type; behind them is one value, so
// that two at once are one error, and an option that a way would ignore is another.

import ArgumentParser

/// What `sitegen build` does besides one build.
enum BuildMode: String, EnumerableFlag {
    case plan
    case verify
    case deepen
    case follow

    /// As it is typed.
    var flag: String { "--\(rawValue)" }

    static func help(for mode: BuildMode) -> ArgumentHelp? {
        switch mode {
        case .plan: "Say what would be made and why, and build nothing."
        case .verify: "Render everything twice; publish nothing if a page comes out otherwise."
        case .deepen:
            "Publish at once as `--quality gradual`, then compress better and publish again."
        case .follow: "Stay: publish what changes, the moment it changes, until Ctrl-C."
        }
    }

    /// The one that was asked for; nil for one build.
    ///
    /// - Throws: that there are two.
    static func one(of modes: [BuildMode]) throws -> BuildMode? {
        guard modes.count > 1 else { return modes.first }
        throw ValidationError(
            "\(modes[0].flag) and \(modes[1].flag) are two ways to build. Give one of them.")
    }

    /// Refuses an option that this way, or one build, would ignore.
    ///
    /// - Parameters:
    ///   - given: the options of the command line that not every way takes.
    ///   - mode: the way; nil for one build.
    /// - Throws: that the first of them is out of place.
    static func check(_ given: [String], in mode: BuildMode?) throws {
        for option in given {
            let taking = takers[option] ?? []
            guard !taking.contains(mode) else { continue }
            let names = taking.compactMap(\.self).map(\.flag).joined(separator: ", ")
            throw ValidationError(
                taking.contains(nil)
                    ? "\(option) does not go with \(mode.map(\.flag) ?? "")."
                    : "\(option) goes with \(names).")
        }
    }

    /// Who takes what not every way takes; nil is one build.
    private static let takers: [String: Set<BuildMode?>] = [
        "--explain": [nil, .plan, .verify, .deepen],
        "--costs": [nil, .verify, .deepen],
        "--tree": [nil, .plan, .verify, .deepen],
        "--shard": [nil, .plan, .verify, .deepen],
        "--snapshot": [nil, .plan, .verify, .deepen],
        "--now": [nil, .plan, .verify],
        "--drafts": [nil, .plan, .verify],
        "--redis": [.follow],
        "--access-log": [.deepen],
        "--limit": [.deepen],
    ]
}
