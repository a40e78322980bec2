// zlib's streams as owners: the only file, with `Checksum`, that calls zlib.
//
// A z_stream knows its own address, so it lives on the heap and never moves; whoever owns one of
// these structs owns it alone. Data is raw deflate (RFC 1951) unless a function says gzip.

internal import CZlib

/// Bytes that a stream produces before they are appended to an array.
private let chunkBytes = 32_768

/// A raw deflate encoder with a 32 KB window.
@safe
struct DeflateStream: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>

    /// What to do with the input seen so far.
    enum Flush {
        /// Ends at a byte boundary; later text may still refer to earlier text.
        case sync
        /// Ends the stream.
        case finish
    }

    /// Starts a stream; `level` is 1 to 9.
    init(level: Int) throws(EncodingError) {
        guard (1...9).contains(level) else {
            throw .parameterOutOfRange(name: "deflate level", value: level)
        }
        let made = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe made.initialize(to: z_stream())
        let code = unsafe deflateInit2_(
            made, Int32(level), Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            unsafe made.deallocate()
            throw .libraryFailed(coding: .gzip, code: Int(code))
        }
        unsafe stream = made
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Lets the first input refer to these bytes as if they had come before.
    mutating func refer(to window: ArraySlice<UInt8>) throws(EncodingError) {
        let code = unsafe window.withUnsafeBufferPointer { buffer in
            unsafe deflateSetDictionary(stream, buffer.baseAddress, UInt32(buffer.count))
        }
        guard code == Z_OK else { throw .libraryFailed(coding: .gzip, code: Int(code)) }
    }

    /// Compresses all of the input and appends what comes out.
    mutating func write(_ input: ArraySlice<UInt8>, _ flush: Flush, to output: inout [UInt8])
        throws(EncodingError)
    {
        let stream = unsafe stream
        let mode = flush == .sync ? Z_SYNC_FLUSH : Z_FINISH
        let code = unsafe input.withUnsafeBufferPointer { buffer -> Int32 in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: buffer.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(buffer.count)
            var code = Z_OK
            repeat {
                code = unsafe appendChunk(of: stream, to: &output) { unsafe deflate($0, mode) }
            } while unsafe code == Z_OK && stream.pointee.avail_out == 0
            unsafe stream.pointee.next_in = nil
            return code
        }
        // Z_BUF_ERROR: the last chunk was filled exactly, and nothing was left to flush.
        guard code == Z_OK || code == Z_BUF_ERROR || code == Z_STREAM_END else {
            throw .libraryFailed(coding: .gzip, code: Int(code))
        }
    }
}

/// Runs one step of a stream into a chunk on the stack and appends what it gave.
@unsafe
func appendChunk(
    of stream: UnsafeMutablePointer<z_stream>, to output: inout [UInt8],
    step: (UnsafeMutablePointer<z_stream>) -> Int32
) -> Int32 {
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: chunkBytes) { chunk in
        unsafe stream.pointee.next_out = chunk.baseAddress
        unsafe stream.pointee.avail_out = UInt32(chunkBytes)
        let code = unsafe step(stream)
        let made = chunkBytes - Int(unsafe stream.pointee.avail_out)
        unsafe output.append(contentsOf: UnsafeMutableBufferPointer(rebasing: chunk[..<made]))
        unsafe stream.pointee.next_out = nil
        return code
    }
}
