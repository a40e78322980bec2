// What a builder block cannot take, with words for what to write instead.
//
// Without these, the compiler lists the overloads that do not fit. It looks at an unavailable one
// only where no other fits, so that they cost next to nothing where all is well.

extension HTMLBuilder {
    /// Not content: an array.
    @available(*, unavailable, message: "an array is not content; write `for x in array { … }`")
    public static func buildExpression<Element>(_ elements: [Element]) -> Written { Written() }

    /// Not content: what may be missing.
    @available(*, unavailable, message: "an optional is not content; write `if let` or `??`")
    public static func buildExpression<Value>(_ value: Value?) -> Written { Written() }

    /// Not content: a statement, such as a call of `print` or an assignment.
    @available(*, unavailable, message: "a statement is not content; compute values by `let`")
    public static func buildExpression(_ nothing: Void) -> Written { Written() }

    /// Not content: a value that has no text of its own, such as a time or a number with a point.
    @available(*, unavailable, message: "its type is not content; make a String of the value")
    public static func buildExpression<Value>(_ value: Value) -> Written { Written() }
}
