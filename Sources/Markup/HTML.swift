// What a builder block yields, and the builder itself.
//
// Elements write while the builder evaluates them: an `HTML` holds no content, only where in the
// page the writing ended. Placing it anywhere but where it was made therefore cannot work; the
// builder compares the two and stops with a message instead of giving a wrong page.

/// Something that has been written to the page being rendered.
///
/// It is only good in the builder block that made it. To pass content on, pass a closure:
/// `@HTMLBuilder let content: () -> HTML`.
public struct HTML: Sendable {
    /// The offset in the page where this ended.
    let end: Int32

    /// Nothing, at the place where the page stands.
    @usableFromInline static var here: HTML { HTML(end: PageWriter.current.offset) }
}

/// A statement of a builder block that has been written; it holds nothing, so that blocks and
/// loops of them cost next to nothing.
public struct Written: Sendable {
    @usableFromInline init() {}
}
