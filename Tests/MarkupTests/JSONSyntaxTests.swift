// Whether bytes are JSON, against Node's JSON.parse, which is as strict as the standard.

import Foundation
import TestSupport
import Testing

@testable import Markup

@Suite("JSON syntax") struct JSONSyntaxTests {
    @Test(arguments: [
        ("", "line 1, byte 1: a value is missing"),
        ("[1,]", "line 1, byte 4: no value begins like this"),
        ("{\"a\":1,}", "line 1, byte 8: a name in quotes is missing"),
        ("{\"a\" 1}", "line 1, byte 6: a colon is missing"),
        ("[1 2]", "line 1, byte 4: a comma or ] is missing"),
        ("{\n \"a\": 01}", "line 2, byte 7: a number begins with 0"),
        ("1.", "line 1, byte 3: a digit is missing"),
        ("\"a\nb\"", "line 1, byte 3: a control character stands in a text"),
        ("\"\\x\"", "line 1, byte 3: no such escape"),
        ("\"\\u12\"", "line 1, byte 3: \\u needs four hexadecimal digits"),
        ("\"abc", "line 1, byte 5: a quote is missing"),
        ("true false", "line 1, byte 6: something follows the JSON"),
        ("nul", "line 1, byte 1: no value begins like this"),
        ("NaN", "line 1, byte 1: no value begins like this"),
    ])
    func `what is not JSON is told with its place`(text: String, fault: String) {
        #expect(JSONSyntax.fault(in: Array(text.utf8))?.description == fault)
    }

    @Test func `bytes that are not UTF-8 are no JSON`() {
        #expect(JSONSyntax.fault(in: [0x22, 0xFF, 0x22])?.reason == "it is not UTF-8")
    }

    @Test func `what is nested too deep is refused, and one level less is not`() {
        func nested(_ depth: Int) -> [UInt8] {
            Array(String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).map {
                $0.asciiValue ?? 0
            }
        }
        #expect(JSONSyntax.fault(in: nested(MarkupLimits.jsonDepthMax + 1)) == nil)
        #expect(JSONSyntax.fault(in: nested(MarkupLimits.jsonDepthMax + 2)) != nil)
        #expect(JSONSyntax.fault(in: nested(1_000_000)) != nil)
    }

    @Test func `Node agrees on thousands of texts that chance has changed`() throws {
        let seeds = [
            #"{"a":[1,-2.5e+10,true,false,null,"x\u00e9\n"],"b":{"c":{}}}"#,
            #" [ "", 0, -0, 1E5, 10.01 , [ ] ] "#, #""\"\\\/\b\f\n\r\t\uD834\uDD1E""#,
            "{\"é\":\"\u{1F600}\"}",
        ]
        let pieces =
            ["[", "]", "{", "}", ",", ":", "\"", "\\", "0", "1", ".", "e", "-", "+", " "]
            + ["true", "null", "\\u0041", "\n", "\t", "\u{1}", "a", "é", "\u{FEFF}", "//"]
        var random = SeededGenerator(seed: 8259)
        let texts = (0..<4_000).map { _ in
            var text = Array(seeds.randomElement(using: &random) ?? "").map(String.init)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let place = Int.random(in: 0...text.count, using: &random)
                if Bool.random(using: &random), place < text.count {
                    text.remove(at: place)
                } else {
                    text.insert(pieces.randomElement(using: &random) ?? "", at: place)
                }
            }
            return text.joined()
        }
        let script = """
            const lines = JSON.parse(require('fs').readFileSync(0, 'utf8'))
            const isJSON = text => { try { JSON.parse(text); return 1 } catch { return 0 } }
            console.log(lines.map(isJSON).join(''))
            """
        let input = [UInt8](try JSONEncoder().encode(texts))
        let node = try run("/usr/bin/env", ["node", "-e", script], input: input)
        let verdicts = node.output.filter { $0 != 0x0A }
        try #require(verdicts.count == texts.count)
        for (text, verdict) in zip(texts, verdicts) {
            let fault = JSONSyntax.fault(in: Array(text.utf8))
            #expect(
                (fault == nil) == (verdict == 0x31), "\(text.debugDescription): \(fault as Any)")
        }
        #expect(verdicts.contains(0x30) && verdicts.contains(0x31))
    }
}
