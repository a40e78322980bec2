/// Where an old address leads.
///
/// `.to("/albums/\(row.slug)/")` for a path of the site, `.to(PageURL(encoded: "https://…"))` for
/// another site's address, `.gone` for what will not come back.
public struct Destination: Hashable, Sendable {
    /// What a redirect says of itself (RFC 9110 section 15.4).
    public enum Status: Int, Hashable, Sendable {
        /// For good, and old clients may turn a POST into a GET.
        case movedPermanently = 301
        /// For now, and old clients may turn a POST into a GET.
        case found = 302
        /// For now, with the same method.
        case temporaryRedirect = 307
        /// For good, with the same method.
        case permanentRedirect = 308
    }

    /// The address as a header has it, and the status; nil for what is gone.
    package let redirect: Redirect?

    /// An address and a status.
    package struct Redirect: Hashable, Sendable {
        /// The address, encoded.
        package let location: String
        /// The status.
        package let status: Status
    }

    /// A path of the site, as text, nothing encoded.
    public static func to(_ path: String, _ status: Status = .permanentRedirect) -> Destination {
        to(PagePath(path), status)
    }

    /// An address: of the site, or a whole URL.
    public static func to(
        _ address: some SiteAddress, _ status: Status = .permanentRedirect
    ) -> Destination {
        Destination(redirect: Redirect(location: address.url.text, status: status))
    }

    /// Nowhere: the server answers with status 410 and the page for unknown addresses.
    public static let gone = Destination(redirect: nil)
}
