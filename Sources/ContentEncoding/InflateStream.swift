internal import CZlib

/// A decoder of one gzip member.
@safe
struct InflateStream: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>

    init() throws(EncodingError) {
        let made = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe made.initialize(to: z_stream())
        // 16 + 15: gzip only, the full window.
        let code = unsafe inflateInit2_(
            made, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            unsafe made.deallocate()
            throw .libraryFailed(coding: .gzip, code: Int(code))
        }
        unsafe stream = made
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Decodes a whole file of one member.
    consuming func read(_ file: [UInt8], limit: Int) throws(EncodingError) -> [UInt8] {
        let stream = unsafe stream
        var output: [UInt8] = []
        let (code, left) = unsafe file.withUnsafeBufferPointer { buffer -> (Int32, Int) in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: buffer.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(buffer.count)
            var code = Z_OK
            repeat {
                code = unsafe appendChunk(of: stream, to: &output) {
                    unsafe inflate($0, Z_NO_FLUSH)
                }
            } while code == Z_OK && output.count <= limit
            unsafe stream.pointee.next_in = nil
            return (code, Int(unsafe stream.pointee.avail_in))
        }
        guard output.count <= limit else { throw .outputTooLarge(limit: limit) }
        switch code {
        case Z_STREAM_END:
            guard left == 0 else { throw .trailingBytes(.gzip, count: left) }
            return output
        case Z_BUF_ERROR: throw .truncated(.gzip)
        case Z_MEM_ERROR: throw .libraryFailed(coding: .gzip, code: Int(code))
        default: throw .corrupt(.gzip)
        }
    }
}
