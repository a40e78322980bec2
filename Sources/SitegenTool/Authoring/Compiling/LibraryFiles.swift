// The folder in which `watch` compiles: objects, what each provides, the waiting program, the
// libraries of the site, and what is known of all of them.
//
// Two watches never share one: `WatchLock` has the folder above.

import FoundationEssentials
import Glibc
import Groundwork
import Hashing
import LocalFiles
import SiteWatching
import SitegenCommands

/// The files of a site's library.
struct LibraryFiles: Sendable {
    /// The site's folder, where compilers run.
    let root: String
    private let folder: String

    /// The most bytes of the records.
    private static let recordsBytesMax = 64 << 20

    /// Files below the folder of the site's data.
    ///
    /// - Parameters:
    ///   - root: the site's folder, absolute.
    ///   - dataFolder: the folder of what belongs to this site on this machine, absolute.
    init(root: String, dataFolder: String) {
        (self.root, folder) = (root, "\(dataFolder)/watch")
    }

    var sources: String { "\(folder)/sources" }
    var outputMap: String { "\(folder)/outputs.json" }
    var libraries: String { "\(folder)/libraries" }
    var hasLibraries: Bool { FileStamp.of(libraries) != nil }

    /// Removes the list of the libraries that objects ask for; it is made anew by the next link.
    func forgetLibraries() { unsafe unlink(libraries) }

    /// Where the driver puts what it makes of all sources, to be compared.
    var proofMap: String { "\(folder)/proof.json" }

    func proof(_ source: String) -> String { "\(folder)/proof/\(Self.name(source)).o" }

    func object(_ source: String, isNew: Bool = false) -> String {
        "\(outputs(isNew: isNew))/\(Self.name(source)).o"
    }

    func dependencies(_ source: String, isNew: Bool = false) -> String {
        "\(outputs(isNew: isNew))/\(Self.name(source)).swiftdeps"
    }

    /// Where the compiler puts what it makes.
    ///
    /// An account of dependencies says itself where it stands, so both names have one length: see
    /// `takeNew`.
    private func outputs(isNew: Bool) -> String { "\(folder)/\(isNew ? "renewed" : "objects")" }

    /// The program that waits for a library; another for other modules.
    func waiting(_ identity: String) -> String { "\(folder)/waiting-\(identity.prefix(16))" }

    func library(_ number: Int) -> String { "\(folder)/site-\(number).so" }

    /// Sources of one module differ in their names.
    private static func name(_ source: String) -> String {
        String(source.split(separator: "/").last?.dropLast(".swift".count) ?? "")
    }

    // MARK: Beginning

    /// Empties the folder.
    func clear() { try? FileManager.default.removeItem(atPath: folder) }

    /// Makes the folders that are not there: an earlier version may have had others.
    func makeFolders() throws {
        for isNew in [false, true] {
            try FileManager.default.createDirectory(
                atPath: outputs(isNew: isNew), withIntermediateDirectories: true)
        }
    }

    /// Writes the lists of the module's sources.
    func writeSources(_ build: BuildDescription) throws {
        try write(build.sources.joined(separator: "\n") + "\n", to: sources)
        var map = ["": ["swift-dependencies": "\(folder)/objects/module.priors"]]
        for source in build.sources {
            map[source] = [
                "object": object(source), "swift-dependencies": dependencies(source),
            ]
        }
        try write(JSONEncoder().encode(map), to: outputMap)
    }

    /// Writes where the driver puts what it makes to be compared.
    func beginProof(_ sources: [String]) throws {
        try FileManager.default.createDirectory(
            atPath: "\(folder)/proof", withIntermediateDirectories: true)
        let map = Dictionary(
            sources.map { ($0, ["object": proof($0)]) }, uniquingKeysWith: { first, _ in first })
        try write(JSONEncoder().encode(map), to: proofMap)
    }

    /// Removes what was made to be compared.
    func endProof() { try? FileManager.default.removeItem(atPath: "\(folder)/proof") }

    /// What objects are made with: other flags, another compiler, other modules make others.
    ///
    /// - Throws: a `CommandFailure` when a module's object is not there.
    func identity(of build: BuildDescription) throws -> String {
        var hasher = SHA256Hasher()
        let words =
            [build.compiler, build.module, build.entry] + build.compilerArguments
            + build.linkerArguments
        for word in words { hasher.update(Array("\(word)\0".utf8)) }
        for object in build.objects {
            guard let stamp = FileStamp.of(object) else {
                throw CommandFailure(.failure, "\(object) is not there.\nBuild the package.")
            }
            hasher.update(Array("\(object)\0\(stamp)\0".utf8))
        }
        return hasher.finish().hex
    }

    /// A file with arguments, as an argument.
    func arguments(_ words: [String], of name: String) throws -> String {
        let path = "\(folder)/\(name).arguments"
        let quoted = words.map { word in
            let escaped = word.reduce(into: "") { text, character in
                if "\"\\".contains(character) { text.append("\\") }
                text.append(character)
            }
            return "\"\(escaped)\""
        }
        try write(quoted.joined(separator: "\n"), to: path)
        return "@\(path)"
    }

    private func write(_ text: String, to path: String) throws {
        try write(Data(text.utf8), to: path)
    }

    private func write(_ bytes: Data, to path: String) throws {
        try bytes.write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    // MARK: Objects

    /// Each source as it is now.
    func state(of sources: [String]) -> [String: ObjectRecords.Source] {
        var state: [String: ObjectRecords.Source] = [:]
        for source in sources {
            // The stamp first: what is written behind it has another.
            let stamp = FileStamp.of(source).map { "\($0)" }
            state[source] = ObjectRecords.Source(
                digest: (try? LocalFile(source).digest().hex) ?? "", stamp: stamp,
                object: FileStamp.of(object(source)).map { "\($0)" })
        }
        return state
    }

    /// Whether a source, compiled alone, provides what it did before, by the compiler's accounts;
    /// false when one cannot be read.
    func providesSame(_ source: String) -> Bool {
        func account(isNew: Bool) -> DependencyAccount? {
            (try? LocalFile(dependencies(source, isNew: isNew)).bytes(limit: Self.recordsBytesMax))
                .flatMap { DependencyAccount($0) }
        }
        guard let before = account(isNew: false), let now = account(isNew: true) else {
            return false
        }
        return now.provides(sameAs: before)
    }

    /// Puts the object and the account of a source that was compiled alone, and provides what it
    /// did before, in the place of those that were there.
    ///
    /// - Throws: a `CommandFailure`; the object is the old one then.
    func takeNew(_ source: String) throws {
        // An account says where it stands; both names have one length.
        let (renewed, place) = (dependencies(source, isNew: true), dependencies(source))
        let account = try LocalFile(renewed).bytes(limit: Self.recordsBytesMax)
        try write(
            Data(account.replacing(Array(renewed.utf8), with: Array(place.utf8))), to: place)
        let (new, old) = (object(source, isNew: true), object(source))
        guard unsafe rename(new, old) == 0 else {
            throw CommandFailure(
                .cannotWrite,
                """
                \(old) cannot be written: \(SystemCall.text(of: errno)).
                Free space on the disk, or change the permissions of \(folder).
                """)
        }
    }

    func removeObject(of source: String) { unsafe unlink(object(source)) }

    // MARK: What is known

    /// What a run before knew of the objects; nil when that cannot be read.
    func records() -> ObjectRecords? {
        guard let text = try? LocalFile(recordsFile).bytes(limit: Self.recordsBytesMax) else {
            return nil
        }
        return try? JSONDecoder().decode(ObjectRecords.self, from: Data(text))
    }

    func write(_ records: ObjectRecords) throws {
        try write(JSONEncoder().encode(records), to: recordsFile)
    }

    private var recordsFile: String { "\(folder)/records.json" }

    // MARK: Libraries

    /// Removes the libraries of a run before.
    func removeLibraries() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where name.hasPrefix("site-") { unsafe unlink("\(folder)/\(name)") }
    }

    func removeLibrary(_ number: Int) { unsafe unlink(library(number)) }
}
