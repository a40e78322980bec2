// Elements by name: SVG shapes, feeds, sitemaps, custom elements.
//
// The name is a literal. What would hold code or is not read as markup by browsers is refused;
// names that HTML treats specially get the same treatment here as from their own functions.

extension Tags {
    /// The tag of an element given by name; it takes the attributes that every element takes.
    public enum Named {}
}

/// Any element with content, by its name.
///
/// `element("url") { element("loc") { address } }`. The names `script`, `style` and those whose
/// content browsers read as raw text stop the program.
public func element(
    _ name: StaticString, _ attributes: Attr<Tags.Named>..., @HTMLBuilder content: () -> HTML
) -> HTML {
    let page = beginNamed(name, attributes)
    let outer = page.writeContent(region(inside: name), content)
    page.writeEndTag(name)
    return page.ended(outer)
}

/// Any element without content, by its name.
///
/// In XML and inside an svg it closes itself; elsewhere it gets an end tag, unless HTML has none
/// for it.
public func element(_ name: StaticString, _ attributes: Attr<Tags.Named>...) -> HTML {
    let page = beginNamed(name, attributes)
    if unsafe page.state.pointee.region.has([.xml, .svg]) {
        page.write("/>")
    } else {
        page.write(byte: 0x3e)
        if !isVoid(name) { page.writeEndTag(name) }
    }
    return page.ended()
}

private func beginNamed(_ name: StaticString, _ attributes: [Attr<Tags.Named>]) -> PageWriter {
    let page = PageWriter.current
    page.checkNothingPending()
    check(name: name.description)
    refuseCode(name)
    if unsafe page.state.pointee.region.has(.textOnly) {
        page.fault(.elementInText("<\(name)>"))
    }
    page.write(byte: 0x3c)
    page.write(name)
    page.write(more: attributes)
    return page
}

extension PageWriter {
    fileprivate func writeEndTag(_ name: StaticString) {
        write("</")
        write(name)
        write(byte: 0x3e)
    }
}

private func refuseCode(_ name: StaticString) {
    switch name.description.lowercased() {
    case "script", "style", "svg:script", "svg:style":
        stop("`\(name)` holds code. Use the component's `static let styles` and `script`.")
    case "xmp", "plaintext", "listing", "noembed", "noframes", "iframe", "noscript":
        stop("Browsers read the content of `\(name)` as raw text. Use its own function or another.")
    case "head", "body":
        stop("Use the function `\(name)`, which notes where styles and scripts go.")
    default: return
    }
}

private func region(inside name: StaticString) -> Region {
    switch name.description.lowercased() {
    case "svg", "math": .svg
    case "pre": .pre
    case "textarea": .textarea
    case "title": .title
    case "select", "datalist": .select
    case "template": .inert
    case "table", "thead", "tbody", "tfoot", "tr", "colgroup": .tableParts
    default: .flow
    }
}

private func isVoid(_ name: StaticString) -> Bool {
    switch name.description.lowercased() {
    case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr":
        true
    default: false
    }
}
