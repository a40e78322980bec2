// The styles and scripts of previewed pages, each as the author wrote it, under an address of its
// own: a changed style can be put into a page that stays, and nothing is minified.
//
// The order is that of a build's bundles. Scripts are wrapped as there, so that two of them do not
// see each other's variables.

import Groundwork
import Markup
import ReleaseTools

/// The sheets and scripts that a proof has shown.
package struct ProofSheets {
    /// The path of a style sheet's address.
    package static func address(ofStyle name: String) -> String {
        "/-/style/\(encoded(name)).css"
    }

    /// The path of a script's address.
    private static func address(ofScript name: String) -> String {
        "/-/script/\(encoded(name)).js"
    }

    /// The style sheets of every page.
    var ofSite: [(name: String, text: String)]
    private var styles: [String: String] = [:]
    private var scripts: [String: String] = [:]
    /// Texts that stand for those of components until these are compiled.
    private var changed: [String: String] = [:]

    private let basePath: String

    /// - Parameters:
    ///   - sheets: the style sheets of every page, with their names.
    ///   - basePath: the folder of the site on its host; empty for none.
    init(ofSite sheets: [(name: String, text: String)], under basePath: String) {
        ofSite = sheets
        self.basePath = basePath
    }

    /// The text of a style sheet, its addresses in the folder of the site; nil if no page had it.
    func style(_ name: String) -> String? {
        guard
            let text = ofSite.first(where: { $0.name == name })?.text ?? changed[name]
                ?? styles[name]
        else { return nil }
        return String(decoding: StyleScan.text(text, inFolder: basePath), as: UTF8.self)
    }

    /// Takes another text for the sheet of a component.
    ///
    /// - Parameters:
    ///   - type: the component's name without its module.
    ///   - text: the sheet.
    /// - Returns: whether a page had the sheet.
    mutating func change(_ type: String, to text: String) -> Bool {
        let names = styles.keys.filter { $0.split(separator: ".", maxSplits: 1).last ?? "" == type }
        guard names.count == 1 else { return false }
        for name in names { changed[name] = text }
        return true
    }

    /// The text of a script; nil if no page had it.
    func script(_ name: String) -> String? { scripts[name] }

    /// What a page of these components gets, and the names of its sheets.
    mutating func bundle(
        for components: ComponentSet
    ) -> (head: [UInt8], body: [UInt8], sheets: [String], takesTypes: Bool) {
        var (head, body) = ("", "")
        var names = ofSite.map(\.name)
        for sheet in components.styles {
            names.append(Self.add(sheet.css, as: sheet.name, to: &styles))
        }
        for name in names {
            head += "<link rel=\"stylesheet\" href=\"\(Self.address(ofStyle: name))\">"
        }
        var takesTypes = false
        for script in components.scripts {
            if script.js.contains("createPolicy") { takesTypes = true }
            let name = Self.add(
                "(() => {\n\(script.js)\n})();\n", as: script.name, to: &scripts)
            body += "<script src=\"\(Self.address(ofScript: name))\"></script>"
        }
        return (Array(head.utf8), Array(body.utf8), names, takesTypes)
    }

    /// Keeps a text; two texts of one name, as of two generic types, get two names.
    private static func add(
        _ text: String, as name: String, to texts: inout [String: String]
    ) -> String {
        var (free, number) = (name, 2)
        while let other = texts[free], other != text {
            free = "\(name)~\(number)"
            number += 1
        }
        texts[free] = text
        return free
    }

    private static func encoded(_ name: String) -> String {
        String(
            decoding: PercentCoding.encoded(name.utf8) {
                PercentCoding.isUnreserved($0) || $0 == UInt8(ascii: "/")
            }, as: UTF8.self)
    }
}
