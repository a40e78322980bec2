// The two elements that are more than a tag: their ends are where styles and scripts go.
//
// Only the first of each counts; a second one in a document would be a mistake of its author that
// browsers ignore.

/// The element `head`; where it ends, the styles of the page's components go.
public func head(_ more: Attr<Tags.Head>..., @HTMLBuilder content: () -> HTML) -> HTML {
    let page = PageWriter.begin(Padded("<head           ", 5), .absent, .absent, .absent, .absent)
    page.write(more: more)
    return page.finish(Padded("</head>         ", 7), .head) {
        let end = content()
        unsafe page.markEnd(of: \.headEnd)
        return end
    }
}

/// The element `body`; where it ends, the scripts of the page's components go.
public func body(_ more: Attr<Tags.Body>..., @HTMLBuilder content: () -> HTML) -> HTML {
    let page = PageWriter.begin(Padded("<body           ", 5), .absent, .absent, .absent, .absent)
    page.write(more: more)
    return page.finish(Padded("</body>         ", 7), .flow) {
        let end = content()
        unsafe page.markEnd(of: \.bodyEnd)
        return end
    }
}

extension Attribute {
    /// No attribute.
    static var absent: Attribute { Attribute(key: 0, value: "") }
}

extension PageWriter {
    fileprivate func markEnd(of end: WritableKeyPath<PageState, Int>) {
        if unsafe state.pointee[keyPath: end] < 0 {
            unsafe state.pointee[keyPath: end] = Int(offset)
        }
    }
}
