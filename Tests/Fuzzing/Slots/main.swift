// Fuzzes what the server reads from others: fragment records of Redis, and the slot index of a
// manifest.
//
// `SlotFuzzer records` and `SlotFuzzer index` mutate good inputs for FUZZ_SECONDS (10 unless set).
// Every input depends on the seed and its own number alone: after a trap, SEED and FROM (the last
// number printed) repeat it. What is accepted must also work: a proven record splices to its HTML
// in every coding, and an accepted index splices without a trap, whatever the files hold.

import Foundation
import TestSupport

switch CommandLine.arguments.dropFirst() {
case ["records"]: try fuzz(RecordTarget())
case ["index"]: try fuzz(IndexTarget())
default:
    print("usage: SlotFuzzer records|index, with FUZZ_SECONDS, SEED and FROM in the environment")
    exit(2)
}
