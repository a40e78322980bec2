/// Text from a row, a file's name or a page, to be shown on one line.
package enum PrintableText {
    /// How many characters are shown.
    private static let charactersMax = 200

    /// The text, shortened: whatever is in it, it moves no cursor and fills no screen.
    package static func of(_ text: String) -> String {
        let scalars = text.unicodeScalars
        var shown = ""
        for scalar in scalars.prefix(charactersMax) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: shown += "?"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return scalars.count > charactersMax ? shown + "…" : shown
    }
}
