/// A setting without a value that it can use.
///
/// The value is not repeated: it may have been meant for another variable.
public struct SettingFault: Error, CustomStringConvertible {
    let name: String
    /// What the value should be; nil where there is none.
    let form: String?

    /// What happened, then what to change.
    public var description: String {
        guard let form else {
            return "The setting \(name) has no value.\nSet \(name) in the environment."
        }
        return "The setting \(name) is not \(form).\nChange \(name) in the environment."
    }
}
