// Which components a page uses, as far as they bring styles or a script.
//
// Each such component type gets a number when it is first met in the process; a set is a row of
// bits. The numbers depend on which thread came first, so they never reach the output: lists are
// sorted by type name. Equal sets mean equal styles and scripts, which makes a set a good key.

internal import CRenderState
internal import Synchronization

/// A set of component types that have styles or a script.
///
/// Good within one process only; not to be stored.
public struct ComponentSet: Hashable, Sendable {
    /// One bit for each component; the last word is never 0.
    private var words: [UInt64] = []

    /// The empty set.
    public init() {}

    /// The given types, as far as they have styles or a script.
    public init(_ types: [any Component.Type]) {
        for type in types {
            let number = number(of: type)
            if number >= 0 { insert(number) }
        }
    }

    /// What of this set is not in `other`.
    public func subtracting(_ other: ComponentSet) -> ComponentSet {
        var rest = self
        for index in rest.words.indices where index < other.words.count {
            rest.words[index] &= ~other.words[index]
        }
        while rest.words.last == 0 { rest.words.removeLast() }
        return rest
    }

    /// Whether no component brought styles or a script.
    public var isEmpty: Bool { words.isEmpty }

    /// The style sheets, sorted by the component's type name with its module.
    ///
    /// A sheet that several specialisations of a generic component share is listed once.
    public var styles: [(name: String, css: String)] {
        listed(\.css).map { (name: $0.name, css: $0.text) }
    }

    /// The scripts, sorted by the component's type name with its module.
    public var scripts: [(name: String, js: String)] {
        listed(\.js).map { (name: $0.name, js: $0.text) }
    }

    /// Adds the components of another set.
    public mutating func formUnion(_ other: ComponentSet) {
        for (index, word) in other.words.enumerated() {
            if index < words.count { words[index] |= word } else { words.append(word) }
        }
    }

    /// Adds the component with a number.
    mutating func insert(_ number: Int) {
        while words.count <= number / 64 { words.append(0) }
        words[number / 64] |= 1 << UInt64(number % 64)
    }

    private func listed(_ part: (KnownComponent) -> String?) -> [(name: String, text: String)] {
        let known = registry.withLock { $0.components }
        var found: [(name: String, text: String)] = []
        for (index, component) in known.enumerated() {
            guard index / 64 < words.count, words[index / 64] >> UInt64(index % 64) & 1 == 1
            else { continue }
            if let text = part(component) { found.append((name: component.name, text: text)) }
        }
        found.sort { ($0.name, $0.text) < ($1.name, $1.text) }
        var texts: Set<String> = []
        return found.filter { texts.insert($0.text).inserted }
    }
}

/// A component type that brings styles or a script.
private struct KnownComponent: Sendable {
    var name: String
    var css: String?
    var js: String?
}

private struct Registry: Sendable {
    var components: [KnownComponent] = []
    /// The number of each type met; -1 for those that bring nothing.
    var numbers: [ObjectIdentifier: Int] = [:]
}

private let registry = Mutex(Registry())

/// The number of a component type, or -1 if it has neither styles nor a script.
private func number<C: Component>(of type: C.Type) -> Int {
    let id = ObjectIdentifier(type)
    if let known = registry.withLock({ $0.numbers[id] }) { return known }
    // Outside of the lock, since these may run an initialiser.
    let component = KnownComponent(
        name: typeName(type), css: type.styles?.source, js: type.script?.source)
    let brings = component.css != nil || component.js != nil
    return registry.withLock { registry in
        if let known = registry.numbers[id] { return known }
        let number = brings ? registry.components.count : -1
        if brings { registry.components.append(component) }
        registry.numbers[id] = number
        nameForCrashes(type, component.name)
        return number
    }
}

/// Lets the handler of a crash name a component; the text is never given back, as types are not.
private func nameForCrashes<C: Component>(_ type: C.Type, _ name: String) {
    let text = UnsafeMutablePointer<CChar>.allocate(capacity: name.utf8.count + 1)
    unsafe name.withCString { unsafe text.update(from: $0, count: name.utf8.count + 1) }
    unsafe sitegen_name_component(PageWriter.address(of: type), text)
}

extension PageWriter {
    /// What tells one component type from all others.
    @inline(__always) static func address<C: Component>(of type: C.Type) -> UnsafeRawPointer {
        unsafe unsafeBitCast(ObjectIdentifier(type), to: UnsafeRawPointer.self)
    }

    /// Notes that the page uses a component.
    @inline(__always) func note<C: Component>(_ type: C.Type) {
        let address = UInt(bitPattern: ObjectIdentifier(type))
        let hash = address >> 4 ^ address >> 9
        let index = unsafe Int(truncatingIfNeeded: hash % UInt(PageState.seenCount))
        if unsafe state.pointee.seen[index] != address {
            unsafe state.pointee.seen[index] = address
            noteSlowly(type)
        }
    }

    @inline(never) private func noteSlowly<C: Component>(_ type: C.Type) {
        let number = number(of: type)
        if number >= 0 { unsafe state.pointee.components.insert(number) }
    }
}
