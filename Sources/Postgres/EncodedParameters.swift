// Parameters in the form that libpq takes: one buffer of bytes and four parallel arrays.
//
// Text values need a zero byte behind them, binary ones do not; both get one. A text with a zero
// byte inside would be cut short there by libpq, so it is refused.

internal import CLibPQ

/// Values encoded for one statement.
struct EncodedParameters {
    private var bytes: [UInt8] = []
    /// Where each value begins in `bytes`, nil for NULL.
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(
        _ parameters: [Parameter], for shape: StatementShape, statement: String
    ) throws(PostgresError) {
        guard parameters.count == shape.parameters.count else {
            throw .parameterCount(
                statement: statement, expected: shape.parameters.count, given: parameters.count)
        }
        for (parameter, type) in zip(parameters, shape.parameters) {
            guard let value = parameter.value else {
                offsets.append(nil)
                lengths.append(0)
                formats.append(0)
                continue
            }
            let start = bytes.count
            offsets.append(start)
            if value.encode(as: type, into: &bytes) {
                formats.append(1)
            } else {
                formats.append(0)
                bytes.append(contentsOf: value.postgresText.utf8)
                guard !bytes[start...].contains(0) else {
                    throw .misuse(
                        """
                        A text parameter of statement \(statement) holds the character U+0000.
                        PostgreSQL cannot store it: remove it first.
                        """)
                }
            }
            lengths.append(Int32(clamping: bytes.count - start))
            bytes.append(0)
        }
    }

    /// Lends count, values, lengths and formats.
    func withPointers<R>(
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?,
            UnsafePointer<Int32>?
        ) -> R
    ) -> R {
        unsafe bytes.withUnsafeBytes { buffer in
            let base = unsafe buffer.bindMemory(to: CChar.self).baseAddress
            let values: [UnsafePointer<CChar>?] = unsafe offsets.map { offset in
                unsafe offset.flatMap { offset in unsafe base.map { unsafe $0 + offset } }
            }
            return unsafe body(Int32(offsets.count), values, lengths, formats)
        }
    }
}
