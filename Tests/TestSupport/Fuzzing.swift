// Drives a fuzzer: inputs by number, progress, and how to repeat the one that failed.
//
// Every input depends on the seed and its own number alone: after a trap, SEED and FROM (the last
// number printed) repeat it.

import Foundation

/// One kind of input.
package protocol FuzzTarget {
    /// Tries one input made with these random numbers; says whether it was accepted, and what is
    /// wrong if something is.
    func run(_ random: inout SeededGenerator) throws -> (isAccepted: Bool, fault: String?)
}

/// A number from the environment.
func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
}

/// Tries inputs for FUZZ_SECONDS (10 unless set), from SEED and number FROM on.
///
/// Ends the process with 1 at the first fault, or if nothing was accepted. Time and numbers are
/// looked at once in `inputsPerRound`.
package func fuzz(_ target: any FuzzTarget, inputsPerRound: Int = 1_000) throws {
    let seconds = setting("FUZZ_SECONDS") ?? 10
    let seed = setting("SEED") ?? UInt64.random(in: 0...UInt64(UInt32.max))
    let from = setting("FROM") ?? 0
    print("SEED=\(seed) FUZZ_SECONDS=\(seconds) FROM=\(from)")
    let end = ContinuousClock.now + .seconds(seconds)
    var number = from
    var accepted = 0
    repeat {
        print("FROM=\(number), accepted \(accepted)")
        fflush(nil)
        for _ in 0..<inputsPerRound {
            var random = SeededGenerator(seed: seed &+ number &* 0x1_0000_0001)
            let (isAccepted, fault) = try target.run(&random)
            if isAccepted { accepted += 1 }
            if let fault {
                print("SEED=\(seed) FROM=\(number): \(fault)")
                exit(1)
            }
            number += 1
        }
    } while ContinuousClock.now < end
    print("\(number - from) inputs, \(accepted) accepted, no fault")
    if accepted == 0 { exit(1) }
}
