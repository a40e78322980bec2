import FoundationEssentials

/// Cuts what comes into frames.
package struct RendererFrames {
    private var bytes: [UInt8] = []
    private var start = 0

    /// Nothing came yet.
    package init() {}

    /// Takes bytes as they come.
    package mutating func append(_ more: some Sequence<UInt8>) {
        if start > 0, start == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            start = 0
        }
        bytes += more
    }

    /// The next message, if all of it has come.
    ///
    /// - Throws: a `RendererFrame.Fault`; nothing that follows can be read then.
    package mutating func next<Message: Decodable>(
        _ type: Message.Type
    ) throws -> (message: Message, body: [UInt8])? {
        guard bytes.count - start >= 8 else { return nil }
        let (header, body) = (length(at: start), length(at: start + 4))
        guard header <= RendererFrame.headerBytesMax, body <= RendererFrame.bodyBytesMax else {
            throw RendererFrame.Fault.tooLong(bytes: max(header, body))
        }
        let first = start + 8
        guard bytes.count >= first + header + body else { return nil }
        let text = Data(bytes[first..<(first + header)])
        guard let message = try? JSONDecoder().decode(Message.self, from: text) else {
            throw RendererFrame.Fault.unreadable
        }
        let rest = Array(bytes[(first + header)..<(first + header + body)])
        start = first + header + body
        if start > 1 << 16 {
            bytes.removeFirst(start)
            start = 0
        }
        return (message, rest)
    }

    private func length(at place: Int) -> Int {
        bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
}
