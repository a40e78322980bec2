// Components, and the style sheets and scripts they carry.
//
// CSS and JavaScript can only be written as literals: a value of a row can never get into either.
// There is no `style` or `script` element. What a page's components declare is collected while
// the page is rendered and put in by whoever asked for the rendering.

/// A part of a page: a pure function of its properties.
///
/// `view` must not read clocks, files or anything else that changes: the same properties give the
/// same bytes. The requirement is called `view` because names such as `body` or `title` as members
/// would hide the elements of the same name; where that happens, `Markup.title { }` still works.
public protocol Component {
    /// The style sheet this component needs on its page, once however often it is used.
    static var styles: CSS? { get }
    /// The script this component needs on its page, once however often it is used.
    static var script: JS? { get }
    /// What the component writes.
    @HTMLBuilder var view: HTML { get }
}

extension Component {
    /// No styles.
    public static var styles: CSS? { nil }
    /// No script.
    public static var script: JS? { nil }
}

/// A style sheet, written as a literal without interpolation.
public struct CSS: ExpressibleByStringLiteral, Sendable {
    /// The text as written.
    public let source: String

    /// Takes the literal; what would end its element early is found where the text is final.
    public init(stringLiteral literal: StaticString) { source = literal.description }
}

/// A script, written as a literal without interpolation.
public struct JS: ExpressibleByStringLiteral, Sendable {
    /// The text as written.
    public let source: String

    /// Takes the literal; what would end its element early is found where the text is final.
    public init(stringLiteral literal: StaticString) { source = literal.description }
}

/// Ends the program with a message for the author of a component.
///
/// What stops here is written in the source of a component, such as an attribute that holds code,
/// and no row can bring it about: the first rendering finds it, and going on would publish it.
func stop(_ message: String) -> Never {
    // A precondition's message is not printed in optimised code.
    fatalError(message)
}
