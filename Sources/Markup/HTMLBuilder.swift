/// Turns the statements of a block into writes, in order.
///
/// Takes elements, components, `String` (escaped), `Int`, `if`, `switch`, `for` and `let`.
@resultBuilder
public enum HTMLBuilder {
    /// An element stays where it was written; one made elsewhere stops the program.
    public static func buildExpression(_ element: HTML) -> Written {
        PageWriter.current.place(element)
        return Written()
    }

    /// A component writes its view here, and its styles and script are noted.
    public static func buildExpression<C: Component>(_ component: C) -> Written {
        let page = PageWriter.current
        page.checkNothingPending()
        page.write(component)
        return Written()
    }

    /// Text, with `&`, `<` and `>` escaped.
    public static func buildExpression(_ text: String) -> Written {
        PageWriter.current.writeText(text)
        return Written()
    }

    /// A whole number in decimal.
    public static func buildExpression(_ number: Int) -> Written {
        PageWriter.current.writeText(decimal(number))
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
