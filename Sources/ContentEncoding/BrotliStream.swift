// A brotli encoder that is fed piece by piece and flushed to a byte boundary after each.
//
// Its owner owns it alone. What a piece gives may be kept or thrown away: the encoder does not
// know, and goes on as if a decoder had seen everything.

internal import CBrotli

/// Sole owner of one encoder state.
@safe
struct BrotliStream: ~Copyable {
    private let state: OpaquePointer

    /// Starts a stream.
    ///
    /// - Parameters:
    ///   - quality: 0 to 11; with `offset`, 5 to 9.
    ///   - window: the base-2 logarithm of the window, 10 to 24.
    ///   - offset: where in a stream the first byte is; above 0 no header is written, and the
    ///     output refers to nothing before it. 0 starts a whole stream.
    /// - Throws: `.parameterOutOfRange`, `.libraryFailed`.
    init(quality: Int, window: Int, offset: UInt32 = 0) throws(EncodingError) {
        guard (0...11).contains(quality) else {
            throw .parameterOutOfRange(name: "brotli quality", value: quality)
        }
        guard (10...24).contains(window) else {
            throw .parameterOutOfRange(name: "brotli window", value: window)
        }
        guard let made = unsafe BrotliEncoderCreateInstance(nil, nil, nil) else {
            throw .libraryFailed(coding: .brotli, code: 0)
        }
        unsafe state = made
        unsafe BrotliEncoderSetParameter(made, BROTLI_PARAM_QUALITY, UInt32(quality))
        unsafe BrotliEncoderSetParameter(made, BROTLI_PARAM_LGWIN, UInt32(window))
        unsafe BrotliEncoderSetParameter(made, BROTLI_PARAM_STREAM_OFFSET, offset)
    }

    deinit { unsafe BrotliEncoderDestroyInstance(state) }

    /// Compresses one piece and ends at a byte boundary.
    ///
    /// - Parameters:
    ///   - input: the piece.
    ///   - output: gets the bytes at its end.
    /// - Throws: `.libraryFailed`.
    mutating func write(
        _ input: ArraySlice<UInt8>, to output: inout [UInt8]
    ) throws(EncodingError) {
        let state = unsafe state
        let isDone = unsafe input.withUnsafeBufferPointer { buffer in
            var left = buffer.count
            var next = buffer.baseAddress
            // With an offset the encoder reports that it is done after its first two bytes,
            // while the rest still waits: only a call without any output is the end.
            var made = 0
            repeat {
                var room = 0
                guard
                    unsafe BrotliEncoderCompressStream(
                        state, BROTLI_OPERATION_FLUSH, &left, &next, &room, nil, nil) != 0
                else { return false }
                made = 0
                if let taken = unsafe BrotliEncoderTakeOutput(state, &made) {
                    unsafe output.append(
                        contentsOf: UnsafeBufferPointer(start: taken, count: made))
                }
            } while unsafe made > 0 || left > 0 || BrotliEncoderHasMoreOutput(state) != 0
            return true
        }
        guard isDone else { throw .libraryFailed(coding: .brotli, code: 0) }
    }

    /// Compresses one piece that no decoder will see.
    mutating func skip(_ input: ArraySlice<UInt8>) throws(EncodingError) {
        var discarded: [UInt8] = []
        try write(input, to: &discarded)
    }
}
