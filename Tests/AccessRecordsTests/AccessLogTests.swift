// Lines of the access log: what is written is read again, whatever was asked.

import TestSupport
import Testing

@testable import AccessRecords

@Suite("Lines of a log") struct AccessLogTests {
    private static func line(_ path: String, _ format: AccessLogFormat) -> [UInt8] {
        var writer = AccessLogWriter(format)
        var answer = LoggedAnswer(
            client: Array("203.0.113.0".utf8), method: Array("GET".utf8)[...],
            path: Array(path.utf8)[...], version: Array("HTTP/2.0".utf8)[...], status: 200, bytes: 0
        )
        answer.agent = Array("a \"path\":\"/wrong\" \\".utf8)[...]
        answer.referer = Array("http://b/".utf8)[...]
        answer.slots = [SlotRecord(fragment: "path", outcome: .hit)]
        writer.add(answer, now: 784_111_777)
        return writer.take().dropLast()
    }

    @Test("The forms are as other programs know them")
    func forms() {
        #expect(
            String(decoding: Self.line("/a", .combined), as: UTF8.self) == """
                203.0.113.0 - - [06/Nov/1994:08:49:37 +0000] "GET /a HTTP/2.0" 200 0 "http://b/" \
                "a \\"path\\":\\"/wrong\\" \\\\" path=hit
                """)
        #expect(
            String(decoding: Self.line("/a", .json), as: UTF8.self) == """
                {"time":"1994-11-06T08:49:37Z","client":"203.0.113.0","method":"GET","path":"/a",\
                "version":"HTTP/2.0","status":200,"bytes":0,"microseconds":0,\
                "slots":[{"name":"path","outcome":"hit"}],\
                "agent":"a \\"path\\":\\"/wrong\\" \\\\","referer":"http://b/"}
                """)
    }

    @Test("A path that was written is read again", arguments: AccessLogFormat.allCases)
    func roundTrip(format: AccessLogFormat) {
        var random = SeededGenerator(seed: 5)
        let parts = ["a", "%20", "\"", "\\", "é", "😀", "\u{202E}", "\u{1}", "/", "{", ":", "x41"]
        for _ in 0..<500 {
            var path = "/"
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                path += parts.randomElement(using: &random) ?? ""
            }
            #expect(AccessLogLine.path(in: Self.line(path, format)) == path)
        }
    }

    @Test("Lines of other servers, paths alone, and what is no request")
    func others() {
        for (line, path) in [
            ("/a/b", "/a/b"), ("GET /a HTTP/1.1", "/a"), ("HEAD /a", "/a"),
            (#"1.2.3.4 - - [x] "GET /a?b=c HTTP/1.1" 200 5"#, "/a?b=c"),
            (#"{"status": 200, "path" : "/a\u00e9\ud83d\ude00"}"#, "/aé😀"),
            (#"1.2.3.4 - - [x] "POST /a HTTP/1.1" 200 5"#, nil), ("nonsense", nil), ("", nil),
            (#"{"path":7,"other":"/x"}"#, nil), (#"{"path":"/x"#, nil), ("{", nil), ("\"\\", nil),
            ("{\"path\":\"\\u12", nil), ("\"GET", nil),
        ] as [(String, String?)] {
            #expect(AccessLogLine.path(in: line.utf8) == path, "\(line)")
        }
    }

    @Test("An address is written as far as is asked for")
    func addresses() {
        let four = IPAddress(text: Array("203.0.113.77".utf8))
        let six = IPAddress(text: Array("2001:db8:1:2::3".utf8))
        for (kept, texts) in [
            (LoggedAddress.none, ["-", "-", "-"]),
            (.network, ["203.0.113.0", "2001:db8:1::", "-"]),
            (.full, ["203.0.113.77", "2001:db8:1:2::3", "-"]),
        ] {
            #expect(
                [four, six, nil].map { String(decoding: kept.text($0), as: UTF8.self) } == texts)
        }
    }
}
