// Whole brotli files, made and read with libbrotli; only this file and `BrotliStream` call it.
//
// The encoder's output depends only on its arguments, so equal bytes give equal files. Pages with
// slots are made by `BrotliSlots`; their files, too, are one plain stream for any decoder.

internal import CBrotli

/// The brotli format (RFC 7932).
package enum Brotli {
    /// Compresses bytes into one stream.
    ///
    /// - Parameters:
    ///   - bytes: at most `EncodingLimits.inputMax`.
    ///   - quality: 0 (fast) to 11 (small; about 2 ms for each KB of a page).
    ///   - window: the base-2 logarithm of the window, 10 to 24; nil takes the smallest from 16
    ///     on that holds the input, which saves decoders memory.
    /// - Returns: a whole file.
    /// - Throws: `.inputTooLarge`, `.parameterOutOfRange`, `.libraryFailed`.
    package static func compress(_ bytes: [UInt8], quality: Int = 11, window: Int? = nil)
        throws(EncodingError) -> [UInt8]
    {
        guard bytes.count <= EncodingLimits.inputMax else {
            throw .inputTooLarge(bytes: bytes.count, limit: EncodingLimits.inputMax)
        }
        guard (0...11).contains(quality) else {
            throw .parameterOutOfRange(name: "brotli quality", value: quality)
        }
        let bits = window ?? Self.window(forBytes: bytes.count)
        guard (10...24).contains(bits) else {
            throw .parameterOutOfRange(name: "brotli window", value: bits)
        }
        var size = BrotliEncoderMaxCompressedSize(bytes.count)
        guard size > 0 else { throw .libraryFailed(coding: .brotli, code: 0) }
        var made: Int32 = 0
        let file = unsafe [UInt8](unsafeUninitializedCapacity: size) { output, count in
            made = unsafe bytes.withUnsafeBufferPointer { input in
                unsafe BrotliEncoderCompress(
                    Int32(quality), Int32(bits), BROTLI_MODE_TEXT, input.count, input.baseAddress,
                    &size, output.baseAddress)
            }
            count = made == 0 ? 0 : size
        }
        guard made != 0 else { throw .libraryFailed(coding: .brotli, code: 0) }
        return file
    }

    /// The smallest window from 16 on that holds the bytes, as a base-2 logarithm.
    static func window(forBytes count: Int) -> Int {
        (16..<24).first { count <= 1 << $0 - 16 } ?? 24
    }

    /// Reads one stream.
    ///
    /// - Parameters:
    ///   - file: one stream and nothing else.
    ///   - limit: the most bytes it may give.
    /// - Returns: the decoded bytes.
    /// - Throws: `.inputTooLarge`, `.truncated`, `.corrupt`, `.trailingBytes` or
    ///   `.outputTooLarge`.
    package static func decompress(_ file: [UInt8], limit: Int) throws(EncodingError) -> [UInt8] {
        guard file.count <= EncodingLimits.inputMax else {
            throw .inputTooLarge(bytes: file.count, limit: EncodingLimits.inputMax)
        }
        let decoder = try BrotliDecoder()
        return try decoder.read(file, limit: limit)
    }
}

/// Sole owner of one decoder state.
@safe
private struct BrotliDecoder: ~Copyable {
    private let state: OpaquePointer
    private static let chunkBytes = 32_768

    init() throws(EncodingError) {
        guard let made = unsafe BrotliDecoderCreateInstance(nil, nil, nil) else {
            throw .libraryFailed(coding: .brotli, code: 0)
        }
        unsafe state = made
    }

    deinit { unsafe BrotliDecoderDestroyInstance(state) }

    consuming func read(_ file: [UInt8], limit: Int) throws(EncodingError) -> [UInt8] {
        let state = unsafe state
        var output: [UInt8] = []
        let (result, left) = unsafe file.withUnsafeBufferPointer {
            input -> (BrotliDecoderResult, Int) in
            unsafe Self.run(state, input, limit: limit, to: &output)
        }
        guard output.count <= limit else { throw .outputTooLarge(limit: limit) }
        switch result {
        case BROTLI_DECODER_RESULT_SUCCESS:
            guard left == 0 else { throw .trailingBytes(.brotli, count: left) }
            return output
        case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT: throw .truncated(.brotli)
        default: throw .corrupt(.brotli)
        }
    }

    @unsafe
    private static func run(
        _ state: OpaquePointer, _ input: UnsafeBufferPointer<UInt8>, limit: Int,
        to output: inout [UInt8]
    ) -> (BrotliDecoderResult, Int) {
        var left = input.count
        var next = input.baseAddress
        return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: chunkBytes) { chunk in
            var result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT
            repeat {
                var room = chunkBytes
                var place = chunk.baseAddress
                result = unsafe BrotliDecoderDecompressStream(
                    state, &left, &next, &room, &place, nil)
                unsafe output.append(
                    contentsOf: UnsafeMutableBufferPointer(rebasing: chunk[..<(chunkBytes - room)]))
            } while result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT && output.count <= limit
            return (result, left)
        }
    }
}
