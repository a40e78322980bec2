// The names of component types, as they may appear in output and messages.
//
// For private and local types the runtime puts an address into the name, which differs from run to
// run; builds sort by names, so it has to go.

/// The name of a type with its module, the same in every run of a program.
func typeName(_ type: Any.Type) -> String {
    let mark = "(unknown context at $"
    var rest = String(reflecting: type)[...]
    var name = ""
    while let start = firstIndex(of: mark, in: rest) {
        name += rest[..<start]
        rest = rest[start...]
        guard let end = rest.utf8.firstIndex(of: 0x29) else { break }
        rest = rest[end...].dropFirst()
        if rest.utf8.first == 0x2e { rest = rest.dropFirst() }
    }
    return name + rest
}

private func firstIndex(of mark: String, in text: Substring) -> Substring.Index? {
    text.indices.first { text[$0...].hasPrefix(mark) }
}
