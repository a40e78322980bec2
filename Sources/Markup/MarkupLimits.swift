// Every limit of rendering, by name.
//
// Passing a limit never stops the process: the page gets a fault and the rest of it is left out,
// so that a build can say which page it was. Misuse of the language, in contrast, stops at once.

/// The limits of one rendered document.
public enum MarkupLimits {
    /// The largest document, in bytes; a larger one comes out empty, with a fault.
    public static let documentBytesMax = 32 << 20
    /// The deepest nesting of elements, as browsers have it; what lies deeper is left out.
    public static let nestingDepthMax = 512
    /// The most slots in one document; a slot past it stays static.
    public static let slotsMax = 64
    /// The most faults kept for one document; later ones are dropped.
    public static let faultsMax = 100
    /// The deepest nesting of JSON that a file has; deeper is refused.
    static let jsonDepthMax = 512
    /// The longest name of an element or attribute, in bytes.
    public static let nameBytesMax = 100

    /// Strings longer than this are written in pieces, so that little is reserved ahead.
    static let pieceBytesMax = 4096
    /// Free bytes always kept behind the cursor: enough for a start tag with four attributes whose
    /// names are as long as may be and whose values have 15 bytes, each escaped (about 900).
    static let slackBytes = 1024
    /// What a page starts with; below the size where malloc turns to mmap.
    static let firstBufferBytes = 48 << 10
}
