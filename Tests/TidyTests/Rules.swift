// The numbers and the lists that the sources are held to, each exception with its reason.
//
// To change a rule, change it here, in a commit of its own that says why. An exception names a
// path or its beginning; one that no file needs any more fails, so that the lists stay true.

/// Limits, in lines or in characters.
enum Limit {
    static let fileLines = 400
    static let functionLines = 70
    static let lineCharacters = 100
    /// A type that others name and that is longer has a file of its own name.
    static let linesBesideAnother = 20
    /// Of what a stranger reads to learn the program: Sources, site and components.
    static let headCommentLines = 3...10
    /// Of Tests and Benchmarks, where the names of the tests say most of it.
    static let headCommentLinesOfTests = 1...10
    /// A file with less code than this says it all itself: one comment line is enough.
    static let codeLinesWithoutHead = 5
}

/// Paths to which a rule does not apply, with the reason.
enum Exempt {
    static let headComment = [
        "Package.swift": "its first line belongs to SwiftPM"
    ]
    static let fatalError = [
        "Sources/Markup/": "an author's mistake must be seen with its message in release builds too"
    ]
    /// Modules that may read arguments and environment, print and exit.
    static let process = ["SitegenCommands", "SitegenTool", "sitegen"]
    /// Declarations that nothing but tests uses.
    static let unused = [
        "createDatabase": "each test has a database of its own",
        "operationsAddress": "a test asks which port the system chose",
        "segmentBytes": "a fuzzer begins with a segment as it is written",
    ]
    /// Declarations that are `package` though no other module names them.
    static let shared: [String: String] = [:]
    /// Figures that no program measures, by the page that quotes them.
    static let figures: [String: [String]] = [:]
    /// Names that a rule about names would refuse.
    static let typeNames = ["NewCommand": "the command is called `sitegen new`"]
}

/// Words and names that say nothing, or promise what is not there.
enum Banned {
    // Put together here, so that this file keeps the rule as well.
    static let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "for" + " now"]
    static let typeNameEnds = ["Util", "Utils", "Utilities", "Manager", "Helper", "Helpers"]
    /// Calls that only the command line may make.
    static let processCalls = ["print", "debugPrint", "exit", "getenv", "setenv", "readLine"]
    static let processTypes = ["ProcessInfo", "CommandLine"]
    /// Names inside a release, which only ReleaseFormat may spell.
    static let releaseNames = ["blobs", "releases", "manifest"]
    static let pointerTypes = [
        "OpaquePointer", "UnsafePointer", "UnsafeMutablePointer", "UnsafeRawPointer",
        "UnsafeMutableRawPointer", "UnsafeBufferPointer", "UnsafeMutableBufferPointer",
        "UnsafeRawBufferPointer", "UnsafeMutableRawBufferPointer",
    ]
}
