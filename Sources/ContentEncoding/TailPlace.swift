/// A place in the page that is filled from behind it.
package struct TailPlace: Sendable, Equatable {
    /// `<template for="…">`.
    let open: [UInt8]
    /// The CRC-32 of `open`.
    let openCRC: UInt32
    /// The operator that moves a CRC past `open`.
    let openShift: UInt32

    /// The place with this number, counted from 0 in the order of the page.
    package init(_ number: Int) {
        let open = Array("<template for=\"\(Self.name(number))\">".utf8)
        self.open = open
        openCRC = Checksum.crc32(open.span)
        openShift = Checksum.shift(over: open.count)
    }

    /// What the page calls the place; letters and digits.
    package static func name(_ number: Int) -> String { "t\(number)" }

    /// What stands before the fallback in the page.
    package static func start(_ number: Int) -> String { "<?start name=\"\(name(number))\">" }

    /// What stands behind the fallback in the page.
    package static let end = "<?end>"

    /// What every element ends with; the `-->` closes the fragment's own `<!--`.
    static let close = Array("--></template>".utf8)
    static let closeCRC = Checksum.crc32(close.span)
    static let closeShift = Checksum.shift(over: close.count)
}
