// The generated files against their generator, and what the compiler says of a wrong attribute.
//
// Both ask other programs: python3 and swift format write the files anew into a folder of their
// own, and swiftc checks a few lines against the module that this test was built with.

import Foundation
import TestSupport
import Testing

private let elements =
    #filePath.replacing("Tests/MarkupTests/GeneratedTests.swift", with: "Sources/Markup/Elements")
private let root = #filePath.replacing("/Tests/MarkupTests/GeneratedTests.swift", with: "")

/// Runs a program found on the PATH; returns what it wrote to both outputs, and its status.
private func run(_ arguments: [String], in folder: String) throws -> (said: String, status: Int32) {
    let (output, status) = try TestSupport.run(
        "/usr/bin/env", arguments, in: folder, joiningErrors: true)
    return (String(decoding: output, as: UTF8.self), status)
}

/// Type-checks the body of a rendering against the built module; returns what swiftc says.
private func compile(_ body: String, in folder: String) throws -> (said: String, status: Int32) {
    // The tests' own executable lies beside the folder of modules.
    let built = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        .split(separator: "/").dropLast().joined(separator: "/")
    let source =
        "import Markup\nfunc page() -> RenderedDocument {\n    render {\n\(body)\n    }\n}\n"
    try source.write(toFile: folder + "/snippet.swift", atomically: true, encoding: .utf8)
    return try run(
        [
            "swiftc", "-typecheck", "-swift-version", "6", "-I", "/\(built)/Modules",
            "-Xcc", "-fmodule-map-file=/\(built)/CRenderState.build/module.modulemap",
            "-Xcc", "-I\(root)/Sources/CRenderState/include", "-module-cache-path",
            "\(folder)/cache", "snippet.swift",
        ], in: folder)
}

@Suite("Generated sources") struct GeneratedTests {
    @Test func `the checked-in files are what the generator writes`() throws {
        let folder = try TemporaryFolder()
        let generated = try run(["python3", elements + "/generate.py"], in: folder.path)
        try #require(generated.status == 0, "\(generated.said)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count == 12, "\(names)")
        let formatted = try run(
            ["swift", "format", "-i", "--configuration", root + "/.swift-format"] + names,
            in: folder.path)
        try #require(formatted.status == 0, "\(formatted.said)")
        for name in names {
            let made = try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
            let kept = try String(contentsOfFile: "\(elements)/\(name)", encoding: .utf8)
            #expect(made == kept, "\(name) differs; run generate.py and swift format -i")
        }
        let written = try FileManager.default.contentsOfDirectory(atPath: elements)
            .filter { $0.hasSuffix(".swift") && $0 != "HeadAndBody.swift" }
        #expect(Set(written) == Set(names), "a file that the generator no longer writes")
    }

    @Test(arguments: [
        ("div(.href(\"/\")) { \"x\" }", "this element has no attribute href"),
        ("p(.checked)", "this element has no attribute checked"),
        ("span(.colspan(2))", "this element has no attribute colspan"),
        ("br(.srcset(\"/\"))", "this element has no attribute srcset"),
        ("ul(.value(\"x\"))", "this element has no attribute value"),
    ])
    func `an attribute that an element has not is refused in plain words`(
        body: String, message: String
    ) throws {
        let folder = try TemporaryFolder()
        let result = try compile(body, in: folder.path)
        #expect(result.status != 0)
        #expect(result.said.contains(message), "\(result.said)")
    }

    @Test(arguments: [
        "let name = \"x\"\nelement(name) { \"x\" }", "let name = \"x\"\np(.data(name, \"y\"))",
        "let rule = \"x\"\nlet _ = CSS(stringLiteral: rule)",
        "let code = \"x\"\nlet _: JS = \"\\(code)\"", "script { \"x\" }", "style { \"x\" }",
        "raw(\"<b>\")", "p(.style(\"x\"))",
    ])
    func `what would let a value become code does not compile`(body: String) throws {
        let folder = try TemporaryFolder()
        let result = try compile(body, in: folder.path)
        #expect(result.status != 0)
        #expect(result.said.contains("error:"))
        #expect(!result.said.contains("no such module"), "\(result.said)")
    }

    @Test func `what is right compiles without a warning`() throws {
        let folder = try TemporaryFolder()
        let result = try compile(
            "a(.href(\"/\"), .data(\"x\", 1)) { \"x\" }\nfor n in 0..<3 { li { n } }",
            in: folder.path)
        #expect(result.said == "" && result.status == 0, "\(result.said)")
    }
}
