internal import CRenderState

/// What is to be known before anything is written: where in a document the writing is, as far as
/// it decides what may stand there, and what needs more than the short way.
@usableFromInline struct Region: OptionSet, Sendable {
    @usableFromInline let rawValue: UInt16

    @inlinable init(rawValue: UInt16) { self.rawValue = rawValue }

    @inlinable static var head: Region { Region(rawValue: 1) }
    @inlinable static var pre: Region { Region(rawValue: 2) }
    @inlinable static var textarea: Region { Region(rawValue: 4) }
    @inlinable static var title: Region { Region(rawValue: 8) }
    @inlinable static var select: Region { Region(rawValue: 16) }
    @inlinable static var svg: Region { Region(rawValue: 32) }
    @inlinable static var fallback: Region { Region(rawValue: 64) }
    @inlinable static var inert: Region { Region(rawValue: 128) }
    /// Directly in a table, its sections or rows; the one that elements inside do not inherit.
    @inlinable static var tableParts: Region { Region(rawValue: 256) }
    /// The whole document is XML.
    @inlinable static var xml: Region { Region(rawValue: 512) }
    /// An element has ended that no builder has placed yet.
    @inlinable static var pending: Region { Region(rawValue: 1024) }

    /// Elements say which component wrote them.
    @inlinable static var named: Region { Region(rawValue: 2048) }

    @inlinable static var flow: Region { [] }
    static let textOnly: Region = [.title, .textarea]
    /// Where a start tag has to be looked at more closely.
    static let unusual: Region = [.title, .textarea, .xml, .pending, .named]

    /// The region inside an element that brings `inner` with it.
    @inline(__always) func entering(_ inner: Region) -> Region {
        Region(rawValue: rawValue & ~Region.tableParts.rawValue | inner.rawValue)
    }

    @inline(__always) func has(_ any: Region) -> Bool { rawValue & any.rawValue != 0 }
}
