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
    @usableFromInline static var here: HTML { HTML(end: Page.current.offset) }
}

/// A statement of a builder block that has been written; it holds nothing, so that blocks and
/// loops of them cost next to nothing.
public struct Written: Sendable {
    @usableFromInline init() {}
}

/// Turns the statements of a block into writes, in order.
///
/// Takes elements, components, `String` (escaped), `Int`, `if`, `switch`, `for` and `let`.
@resultBuilder
public enum HTMLBuilder {
    /// An element stays where it was written; one made elsewhere stops the program.
    public static func buildExpression(_ element: HTML) -> Written {
        Page.current.place(element)
        return Written()
    }

    /// A component writes its view here, and its styles and script are noted.
    public static func buildExpression<C: Component>(_ component: C) -> Written {
        let page = Page.current
        page.checkNothingPending()
        page.write(component)
        return Written()
    }

    /// Text, with `&`, `<` and `>` escaped.
    public static func buildExpression(_ text: String) -> Written {
        Page.current.writeText(text)
        return Written()
    }

    /// A whole number in decimal.
    public static func buildExpression(_ number: Int) -> Written {
        Page.current.writeText(decimal(number))
        return Written()
    }

    /// The statements of a block, all written by now.
    @inlinable public static func buildBlock(_ parts: Written...) -> Written { Written() }

    /// An `if` without `else`.
    @inlinable public static func buildOptional(_ part: Written?) -> Written { Written() }

    /// The first branch of an `if` or `switch`.
    @inlinable public static func buildEither(first part: Written) -> Written { part }

    /// The second branch of an `if` or `switch`.
    @inlinable public static func buildEither(second part: Written) -> Written { part }

    /// A loop.
    @inlinable public static func buildArray(_ parts: [Written]) -> Written { Written() }

    /// The whole block, which ends where the page stands.
    public static func buildFinalResult(_ block: Written) -> HTML { HTML.here }
}
