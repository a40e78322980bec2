// Bytes that are put aside while a release is made and read again by their place: in memory while
// they are few, then in a file that has no name and is gone with the process, however it ends.
//
// This is what keeps a build's memory from growing with the number of pages.

import Synchronization

/// Bytes that are appended and never changed.
package final class Spool: Sendable {
    private struct State: ~Copyable {
        var file: SpoolFile?
        /// The bytes in the file; those in memory follow them.
        var fileLength = 0
        var tail: [UInt8] = []
    }

    private let state = Mutex(State())
    private let folder: SpoolFolder
    private let memory: Int

    /// Begins with no bytes.
    ///
    /// - Parameters:
    ///   - folder: where the file is made, once one is needed.
    ///   - memory: how many bytes are held in memory at most, beside those of one call.
    package init(in folder: SpoolFolder, memory: Int = SpoolLimits.memoryMax) {
        self.folder = folder
        self.memory = memory
    }

    /// Appends bytes.
    ///
    /// - Returns: their place, for `read`.
    /// - Throws: a `SpoolError`, when the disk is full for example.
    package func append(_ bytes: [UInt8]) throws(SpoolError) -> Range<Int> {
        try state.withLock { (state) throws(SpoolError) in
            let start = state.fileLength + state.tail.count
            state.tail += bytes
            if state.tail.count > memory { try flush(&state) }
            return start..<start + bytes.count
        }
    }

    /// The bytes at a place among those that were appended.
    ///
    /// - Throws: a `SpoolError`.
    package func read(_ place: Range<Int>) throws(SpoolError) -> [UInt8] {
        try state.withLock { (state) throws(SpoolError) in
            let stored = place.clamped(to: 0..<state.fileLength)
            let start = max(place.lowerBound - state.fileLength, 0)
            let held = state.tail[start..<start + place.count - stored.count]
            guard !stored.isEmpty else { return Array(held) }
            guard let bytes = try state.file?.read(at: stored) else {
                preconditionFailure("bytes that are not in memory are in the file")
            }
            return bytes + held
        }
    }

    private func flush(_ state: inout State) throws(SpoolError) {
        if state.file == nil { state.file = try folder.file() }
        // At its place, not at the end: after a write that failed half way it is written again.
        try state.file?.write(state.tail, at: state.fileLength)
        state.fileLength += state.tail.count
        state.tail.removeAll(keepingCapacity: state.tail.count <= 2 * memory)
    }
}
