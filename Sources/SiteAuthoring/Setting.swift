// Settings: values that differ between the places where a site is built, from the environment.
//
// A component reads a setting as it reads its row. The commands of a site's program read the
// environment once, before anything is rendered, and what they found is an input of the build:
// another value renders every page. A site names its settings, so that none is read that is not an
// input, and a wrong value is told before anything is done.

import Synchronization

/// A value from the environment that components can read.
///
/// ```swift
/// enum Settings {
///     static let shop = Setting("SHOP_URL", default: "https://shop.example")
///     static let showsPrices = Setting("SHOWS_PRICES", default: false)
/// }
/// let site = Site(…, settings: [Settings.shop, Settings.showsPrices])
/// // in a component: a(.href(Settings.shop.value)) { "Shop" }
/// ```
///
/// What it holds may reach pages, and so the public: it is no place for a password. Use it in
/// components: where `Site(…)` is made, nothing is read yet, and `value` is the default.
public final class Setting<Value: SettingValue>: AnySetting {
    /// The variable of the environment.
    public let name: String
    private let standard: Value?
    private let found = Mutex<Value?>(nil)

    /// Declares a setting.
    ///
    /// - Parameters:
    ///   - name: the variable, such as `SHOP_URL`: capitals, digits and underscores.
    ///   - default: what counts where the variable is not set; nil, and it has to be set.
    public init(_ name: String, default: Value? = nil) {
        precondition(
            SettingReading.isName(name),
            "\(name) is no name of a setting. Use capitals, digits and underscores.")
        self.name = name
        standard = `default`
    }

    /// The value; the default where no command has read the environment, as in tests.
    public var value: Value {
        if let value = found.withLock({ $0 }) { return value }
        if SettingReading.isDone(without: name) {
            preconditionFailure(
                "The setting \(name) is not one of the site's. Name it in Site(settings:).")
        }
        guard let standard else {
            preconditionFailure(
                "The setting \(name) is not read yet, and has no default. Use it in components.")
        }
        return standard
    }

    /// How the commands give it its value.
    public var reading: SettingReading {
        SettingReading { [self] (text) throws(SettingFault) in
            guard let text else {
                guard let standard else { throw SettingFault(name: name, form: nil) }
                found.withLock { $0 = standard }
                return
            }
            guard text.utf8.count <= SettingReading.valueBytesMax, let value = Value(setting: text)
            else { throw SettingFault(name: name, form: Value.settingForm) }
            found.withLock { $0 = value }
        }
    }
}

/// A setting of any type.
public protocol AnySetting: Sendable {
    /// The variable of the environment.
    var name: String { get }
    /// How the commands give it its value.
    var reading: SettingReading { get }
}
