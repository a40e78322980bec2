// How a connection or a stream sends bodies that are longer than a write.
//
// The next bytes follow when the client took those before; what is not in memory is read by other
// threads, and nothing is read ahead of the piece that is being sent.

import NIOCore
import ReleaseFormat

extension HTTPHandler {
    /// Has stored bytes read that the next answer needs.
    func load(_ pieces: [StoredPiece], _ context: ChannelHandlerContext) {
        phase = .waitingForPieces
        write(context)
        awaitedPieces = pieces.count
        for piece in pieces { state.loader.load(piece, for: self) }
    }

    /// Writes the next bytes of the body.
    ///
    /// - Returns: how many.
    func send(_ context: ChannelHandlerContext) -> Int {
        let count = codec == nil ? Blobs.pieceBytes : HTTP2Codec.pieceBytes
        switch source?.next(count, from: state.blobs) {
        case .bytes(let bytes, let owner)?:
            writtenBytes += bytes.readableBytes
            isWaiting = true
            waiting.add(bytes.readableBytes, of: owner)
            context.write(wrapOutboundOut(bytes), promise: nil)
            isUnflushed = true
            // A stream's pieces are short, and several of them become one write.
            if codec == nil {
                flush(context)
                measure()
            }
            return bytes.readableBytes
        case .missing(let piece)?:
            (source, reading) = (nil, source)
            state.loader.load(piece, for: self)
        case .end?, nil:
            source = nil
            phase = .open
        }
        return 0
    }

    /// Goes on with a body once the client took some of it.
    func wasTaken() {
        measure()
        if phase == .sending { run() }
    }
}

extension HTTPHandler: TurnTaker {
    func takeTurn() {
        isWaitingForTurn = false
        run()
    }
}

extension HTTPHandler: PieceTaker {
    var hasGone: Bool { context == nil }

    func take(_ read: ReadPiece) {
        guard let context else { return }
        if phase == .waitingForPieces {
            self.read.append(read)
            awaitedPieces -= 1
            guard awaitedPieces == 0 else { return }
            phase = .open
            let step = connection.resume(self.read, common: state.common(), into: &output)
            self.read = []
            if let step { take(step, context) }
            run()
        } else if var source = reading {
            reading = nil
            switch read.bytes {
            case .success(let bytes):
                source.take(bytes, at: read.piece.range)
                self.source = source
                run()
            case .failure(let error):
                // The head promised more bytes than there are: the client must see an end too
                // early.
                state.release.tellUnreadable(error, to: state.options.onEvent)
                close()
            }
        }
    }
}
