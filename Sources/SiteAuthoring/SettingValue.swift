/// What a setting can hold: texts, numbers, `true` and `false`, and enumerations of texts.
public protocol SettingValue: Sendable {
    /// What a value is called in messages: “a whole number”.
    static var settingForm: String { get }
    /// Reads the text of a variable; nil for what is no value.
    init?(setting text: String)
}

extension String: SettingValue {
    /// Any text, up to a limit.
    public static var settingForm: String { "a text of at most 4096 bytes" }
    /// The text as it is.
    public init?(setting text: String) { self = text }
}

extension Int: SettingValue {
    /// A whole number.
    public static var settingForm: String { "a whole number" }
    /// Reads digits, with a sign if there is one.
    public init?(setting text: String) { self.init(text) }
}

extension Double: SettingValue {
    /// A number.
    public static var settingForm: String { "a number" }
    /// Reads a number that is finite.
    public init?(setting text: String) {
        guard let value = Double(text), value.isFinite else { return nil }
        self = value
    }
}

extension Bool: SettingValue {
    /// One of two words.
    public static var settingForm: String { "true or false" }
    /// Reads `true` or `false`.
    public init?(setting text: String) { self.init(text) }
}

extension SettingValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    /// The words that count.
    public static var settingForm: String {
        "one of \(allCases.map(\.rawValue).joined(separator: ", "))"
    }
    /// Reads one of the words.
    public init?(setting text: String) { self.init(rawValue: text) }
}
