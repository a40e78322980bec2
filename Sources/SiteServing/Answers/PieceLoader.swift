// Has stored bytes read by other threads, for the connections of one event loop.
//
// A disk that is slow, or a file that is no file, keeps nobody waiting but who asked for it. Who
// asks for the same piece at a time shares one reading; what nobody waits for any more is not read.

import NIOCore
import NIOPosix
import ReleaseFormat

/// Who waits for a piece.
protocol PieceTaker: AnyObject {
    /// Whether its client has gone, so that it needs nothing more.
    var hasGone: Bool { get }
    /// Takes what was read.
    func take(_ read: ReadPiece)
}

/// The readings of one event loop.
final class PieceLoader {
    private struct Reading {
        var takers: [(taker: any PieceTaker, piece: StoredPiece)]
    }

    private let loop: any EventLoop
    private let blobs: Blobs
    private let threads: NIOThreadPool
    private var readings: [PieceKey: Reading] = [:]
    /// What is not begun yet, in the order in which it was asked for.
    private var waiting = CircularBuffer<PieceKey>()
    private var begun = 0

    /// The most readings of one event loop that are begun at a time.
    static let readingsMax = 16
    /// The threads of a server that read.
    static let threadCount = 4

    init(loop: any EventLoop, blobs: Blobs, threads: NIOThreadPool) {
        self.loop = loop
        self.blobs = blobs
        self.threads = threads
    }

    /// Reads a piece and hands it to `taker`, in a later turn.
    func load(_ piece: StoredPiece, for taker: any PieceTaker) {
        let key = piece.key
        if readings[key] != nil {
            readings[key]?.takers.append((taker, piece))
            return
        }
        readings[key] = Reading(takers: [(taker, piece)])
        waiting.append(key)
        begin()
    }

    private func begin() {
        while begun < Self.readingsMax, let key = waiting.popFirst() {
            readings[key]?.takers.removeAll { $0.taker.hasGone }
            guard let piece = readings[key]?.takers.first?.piece else {
                readings[key] = nil
                continue
            }
            begun += 1
            let loader = NIOLoopBound(self, eventLoop: loop)
            let blobs = blobs
            threads.runIfActive(eventLoop: loop) {
                do throws(ReleaseError) {
                    return Result<SharedBytes, ReleaseError>.success(try blobs.read(piece))
                } catch {
                    return .failure(error)
                }
            }.whenComplete { result in
                loader.value.end(key, piece, result)
            }
        }
    }

    private func end(
        _ key: PieceKey, _ piece: StoredPiece,
        _ result: Result<Result<SharedBytes, ReleaseError>, any Error>
    ) {
        begun -= 1
        let takers = readings.removeValue(forKey: key)?.takers ?? []
        // The threads are gone only when the server is.
        if case .success(let bytes) = result {
            for (taker, wanted) in takers where !taker.hasGone {
                wanted.file.share(piece.file)
                taker.take(ReadPiece(piece: wanted, bytes: bytes))
            }
        }
        begin()
    }
}
