// The messages between watcher and renderer, cut in any place.

import Testing

@testable import SitegenCommands

@Suite("Renderer frames") struct RendererFrameTests {
    @Test(arguments: [1, 2, 7, 8, 9, 1_000])
    func `messages come out as they went in, however they were cut`(size: Int) throws {
        var bytes: [UInt8] = []
        for number in 0..<20 {
            bytes += RendererFrame.bytes(
                of: RendererAnswer.text(number: number),
                body: [UInt8](repeating: 7, count: number * 31))
        }
        var frames = RendererFrames()
        var found: [(number: Int, count: Int)] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            frames.append(bytes[start..<min(start + size, bytes.count)])
            while let (message, body) = try frames.next(RendererAnswer.self) {
                guard case .text(let number) = message else { continue }
                found.append((number, body.count))
            }
        }
        #expect(found.map(\.number) == Array(0..<20))
        #expect(found.map(\.count) == (0..<20).map { $0 * 31 })
    }

    @Test func `a question keeps what is in it`() throws {
        var frames = RendererFrames()
        frames.append(
            RendererFrame.bytes(
                of: RendererQuestion.page(number: 3, path: "/é \"/", cookies: ["a": "b"])))
        guard case .page(3, "/é \"/", ["a": "b"]) = try frames.next(RendererQuestion.self)?.message
        else {
            Issue.record("another question")
            return
        }
    }

    @Test func `a length over its limit and a header that is none are refused`() {
        var long = RendererFrames()
        long.append([0xFF, 0, 0, 0, 0, 0, 0, 0])
        #expect(throws: RendererFrame.Fault.self) { try long.next(RendererAnswer.self) }
        var body = RendererFrames()
        body.append([0, 0, 0, 2, 0xFF, 0, 0, 0])
        #expect(throws: RendererFrame.Fault.self) { try body.next(RendererAnswer.self) }
        var other = RendererFrames()
        other.append([0, 0, 0, 2, 0, 0, 0, 0] + Array("{}".utf8))
        #expect(throws: RendererFrame.Fault.self) { try other.next(RendererAnswer.self) }
    }
}
