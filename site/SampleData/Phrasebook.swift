// A very small grammar: `[one|another]` is a choice, `{name}` a fact.
//
// Choices nest; facts are filled in after the choices are made, so a fact may hold brackets.
// A fact that is asked for and not given is a mistake in a phrase and stays visible in braces.

/// Expands phrases with seeded choices.
struct Phrasebook {
    private var dice: SeededGenerator

    init(seed: UInt64) { dice = SeededGenerator(seed: seed) }

    /// One of `phrases`, expanded.
    mutating func say(_ phrases: [String], _ facts: [String: String] = [:]) -> String {
        Self.fill(expanded(dice.pick(phrases)), facts)
    }

    /// Several different phrases of `phrases`, as sentences in a row.
    mutating func sentences(_ count: Int, of phrases: [String], _ facts: [String: String]) -> String
    {
        var left = phrases
        var said: [String] = []
        for _ in 0..<min(count, phrases.count) {
            said.append(Self.fill(expanded(left.remove(at: dice.below(left.count))), facts))
        }
        return said.joined(separator: " ")
    }

    /// A number of sentences or paragraphs, say.
    mutating func below(_ count: Int) -> Int { dice.below(count) }

    private mutating func expanded(_ phrase: String) -> String {
        var rest = Array(phrase.utf8)[...]
        return String(decoding: run(&rest, isOption: false), as: UTF8.self)
    }

    /// Reads to the end, or to the `|` or `]` that ends an option and stays in `rest`.
    private mutating func run(_ rest: inout ArraySlice<UInt8>, isOption: Bool) -> [UInt8] {
        var result: [UInt8] = []
        while let byte = rest.first {
            if isOption && (byte == UInt8(ascii: "|") || byte == UInt8(ascii: "]")) { break }
            rest.removeFirst()
            if byte == UInt8(ascii: "[") {
                var options: [[UInt8]] = []
                repeat {
                    options.append(run(&rest, isOption: true))
                } while rest.popFirst() == UInt8(ascii: "|")
                result += dice.pick(options)
            } else {
                result.append(byte)
            }
        }
        return result
    }

    private static func fill(_ text: String, _ facts: [String: String]) -> String {
        guard text.contains("{") else { return text }
        var result = ""
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            result += fact(name, facts) ?? "{\(name)}"
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    /// `{cloth}` as it is, `{Cloth}` with a capital, `{a cloth}` with its article.
    private static func fact(_ name: String, _ facts: [String: String]) -> String? {
        if let value = facts[name] { return value }
        if name.hasPrefix("a "), let value = facts[String(name.dropFirst(2))] {
            return article(value) + " " + value
        }
        if name.hasPrefix("A "), let value = facts[String(name.dropFirst(2))] {
            return (article(value) == "an" ? "An " : "A ") + value
        }
        guard let value = facts[name.prefix(1).lowercased() + name.dropFirst()] else { return nil }
        return capitalized(value)
    }

    /// `a` or `an`, as `word` asks for: `an umber skirt`, `a uniform`.
    static func article(_ word: String) -> String {
        guard let first = word.lowercased().first else { return "a" }
        return "aeiou".contains(first) && !word.lowercased().hasPrefix("uni") ? "an" : "a"
    }

    /// `word` with a capital first letter.
    static func capitalized(_ word: String) -> String {
        word.prefix(1).uppercased() + word.dropFirst()
    }
}

/// `Łódź & Søn` as part of an address: `lodz-son`.
func slug(_ text: String) -> String {
    var result = ""
    for character in text.lowercased() {
        if let plain = plainLetters[character] {
            result += plain
        } else if character.isASCII && (character.isLetter || character.isNumber) {
            result.append(character)
        } else if character != "’" && !result.isEmpty && !result.hasSuffix("-") {
            result += "-"
        }
    }
    while result.hasSuffix("-") { result.removeLast() }
    return result
}

private let plainLetters: [Character: String] = {
    var table: [Character: String] = ["ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "đ": "d"]
    let groups: [(String, String)] = [
        ("a", "áàâäãåāăạ"), ("c", "çćč"), ("e", "éèêëēęěễế"), ("g", "ğ"), ("i", "íìîïīıị"),
        ("l", "ł"), ("n", "ñńň"), ("o", "óòôöõøōőộ"), ("r", "ř"), ("s", "śšşș"),
        ("t", "ťț"), ("u", "úùûüūůű"), ("y", "ýÿ"), ("z", "źżž"), ("d", "ð"),
    ]
    for (plain, letters) in groups {
        for letter in letters { table[letter] = plain }
    }
    return table
}()
