// The signals that a long-running command answers, as an asynchronous sequence.
//
// From `trap` on, they no longer end the process by themselves: the command does, once everything
// it started has stopped.

import UnixSignals

/// Asks to stop (SIGINT, SIGTERM) or to load the newest release (SIGHUP).
enum Signals {
    /// Begins to listen; each signal is delivered once per arrival.
    static func trap() async -> UnixSignalsSequence {
        await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
    }
}
