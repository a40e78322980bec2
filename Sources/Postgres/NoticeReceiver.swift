internal import CLibPQ

/// Keeps the notice callback alive as long as the connection that calls it.
final class NoticeReceiver {
    private let onNotice: (@Sendable (String, String) -> Void)?

    init(_ onNotice: (@Sendable (String, String) -> Void)?) { self.onNotice = onNotice }

    /// Makes libpq call this object instead of writing to standard error.
    func install(on connection: OpaquePointer) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        _ = unsafe PQsetNoticeReceiver(
            connection,
            { context, result in
                guard let context = unsafe context, let result = unsafe result else { return }
                let receiver = unsafe Unmanaged<NoticeReceiver>.fromOpaque(context)
                    .takeUnretainedValue()
                unsafe receiver.receive(result)
            }, context)
    }

    private func receive(_ result: OpaquePointer) {
        guard let onNotice else { return }
        func field(_ code: UInt8) -> String {
            guard let text = unsafe PQresultErrorField(result, Int32(code)) else { return "" }
            return unsafe String(cString: text)
        }
        onNotice(field(UInt8(ascii: "V")), field(UInt8(ascii: "M")))
    }
}
