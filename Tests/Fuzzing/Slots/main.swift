// Fuzzes what the server reads from others: fragment records of Redis, and the slot index of a
// manifest.
//
// `SlotFuzzer records` and `SlotFuzzer index` mutate good inputs for FUZZ_SECONDS (10 unless set).
// Every input depends on the seed and its own number alone: after a trap, SEED and FROM (the last
// number printed) repeat it. What is accepted must also work: a proven record splices to its HTML
// in every coding, and an accepted index splices without a trap, whatever the files hold.

import Foundation
import TestSupport

/// One kind of input.
protocol FuzzTarget {
    /// Makes the good inputs.
    init() throws
    /// Tries one input made with these random numbers; says whether it was accepted, and what is
    /// wrong if something is.
    func run(_ random: inout SeededGenerator) throws -> (isAccepted: Bool, fault: String?)
}

/// A number from the environment.
func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
}

func fuzz(_ target: any FuzzTarget) throws {
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
        for _ in 0..<1_000 {
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

switch CommandLine.arguments.dropFirst() {
case ["records"]: try fuzz(RecordTarget())
case ["index"]: try fuzz(IndexTarget())
default:
    print("usage: SlotFuzzer records|index, with FUZZ_SECONDS, SEED and FROM in the environment")
    exit(2)
}
