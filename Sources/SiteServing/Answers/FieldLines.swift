import ContentEncoding
import NIOCore
import NIOHPACK
import Synchronization

/// Header lines that are made once and sent in many answers.
final class FieldLines: Sendable {
    /// Each `name: value` and its line end.
    let bytes: [UInt8]
    /// The same for HTTP/2, once it was asked for.
    private let fields = Mutex<HPACKHeaders?>(nil)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The lines as HTTP/2 has them.
    var headers: HPACKHeaders {
        fields.withLock { known in
            if let known { return known }
            var headers = HPACKHeaders()
            HTTP2Fields.add(bytes, to: &headers)
            known = headers
            return headers
        }
    }

    /// What they cost in memory: as lines, and as fields with two strings each.
    var cost: Int { 128 + bytes.count * 3 }
}
