/// Something that every page of a build depends on, besides its row.
package struct BuildInput: Sendable, Hashable {
    /// What it is, such as `program`.
    package let name: String
    /// Its digest or its text.
    package let value: String

    /// Names an input.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// What marks a release of rows that are not public.
    package static let preview = BuildInput("preview", "yes")

    /// Whether these are the inputs of a preview, which no server shows to everybody.
    package static func isPreview(_ inputs: [BuildInput]) -> Bool { inputs.contains(preview) }
}
