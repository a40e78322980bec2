// How records are written, in bytes: what encoder and decoder share. Integers `v` are LEB128,
// texts `s` a `v` length and UTF-8. A text, a name or an agent is a reference `r`: `v` 2n is the
// n-th of its table in this frame, `v` 1 is a new one, which follows. The layout stands below, at
// the numbers.

/// The numbers of kinds and flags.
///
///     every record   v microseconds since the frame's clock, u8 kind and flags
///     answer         u8 signals, u8 extras, v status, v bytes, v micros, [8 bytes visitor],
///                    [u8 reason], r agent, r name, [r name | r text: source], [3 × r text:
///                    campaign], [r text: language], [v count, count × (r text, u8 outcome)]
///     loss           u8 kind, v count
///     report         r text directive, r name, r text blocked
///     beacon         [8 bytes visitor], r agent, r text language, r name, u8 navigation, u8 flags,
///                    v age in ms, 4 × v (0, or one more than the number): LCP, INP, CLS, TTFB
///
/// A name is s path, s view, s key; an agent s family, v version, s system, u8 device, s robot,
/// u8 purpose, v subscribers.
enum RecordBytes {
    // Flags beside the kind of an answer, 1 to 15.
    static let kindMask: UInt8 = 0x1F
    static let objected: UInt8 = 0x20
    static let head: UInt8 = 0x40
    static let visitor: UInt8 = 0x80
    // Kinds of other records.
    static let loss: UInt8 = 16
    static let report: UInt8 = 17
    static let beacon: UInt8 = 18
    // Extras of an answer: bits 0 to 2 are the source.
    static let sourceMask: UInt8 = 7
    static let typed: UInt8 = 1
    static let hidden: UInt8 = 2
    static let inside: UInt8 = 3
    static let elsewhere: UInt8 = 4
    static let campaign: UInt8 = 0x08
    static let language: UInt8 = 0x10
    static let slots: UInt8 = 0x20
    static let codingShift: UInt8 = 6
    // Flags of a beacon.
    static let persisted: UInt8 = 1
    static let prerendered: UInt8 = 2
    static let prefetched: UInt8 = 4
    static let onlyWitness: UInt8 = 8
}
