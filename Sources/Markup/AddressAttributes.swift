// Attributes that take an address of the site, so that a path is encoded where it is written.
//
// A `String` in their place is a URL already, as one of another site is.

extension Attr where Tag: Traits.HasHref {
    /// The attribute `href` with an address of the site.
    public static func href(_ address: some SiteAddress) -> Attr { href(address.url.text) }
}

extension Attr where Tag: Traits.HasSrc {
    /// The attribute `src` with an address of the site.
    public static func src(_ address: some SiteAddress) -> Attr { src(address.url.text) }
}

extension Attr where Tag: Traits.HasAction {
    /// The attribute `action` with an address of the site.
    public static func action(_ address: some SiteAddress) -> Attr { action(address.url.text) }
}

extension Attr where Tag: Traits.HasFormAction {
    /// The attribute `formaction` with an address of the site.
    public static func formAction(_ address: some SiteAddress) -> Attr {
        formAction(address.url.text)
    }
}

extension Attr where Tag: Traits.HasCite {
    /// The attribute `cite` with an address of the site.
    public static func cite(_ address: some SiteAddress) -> Attr { cite(address.url.text) }
}

extension Attr where Tag: Traits.HasPoster {
    /// The attribute `poster` with an address of the site.
    public static func poster(_ address: some SiteAddress) -> Attr { poster(address.url.text) }
}

extension Attr {
    /// Any other attribute, with an address of the site.
    public static func attr(_ name: StaticString, _ address: some SiteAddress) -> Attr {
        attr(name, address.url.text)
    }
}

extension HTMLBuilder {
    /// An address as text, as a browser takes it.
    public static func buildExpression(_ address: some SiteAddress) -> Written {
        buildExpression(siteURL(address))
    }
}
