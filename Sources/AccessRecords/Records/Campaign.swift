// What brought a visitor here, said by the query of the address: `utm_source`, `utm_medium`,
// `utm_campaign`, or `ref` and `via` for the source. Nothing else of a query is kept. How it is
// read is in `CampaignQuery.swift`.

/// The three fields of a campaign; those that were not given are empty.
package struct Campaign: Hashable, Sendable {
    /// `utm_source`, or `ref`, or `via`.
    package var source: String
    /// `utm_medium`.
    package var medium: String
    /// `utm_campaign`.
    package var name: String

    /// A campaign.
    package init(source: String, medium: String, name: String) {
        self.source = source
        self.medium = medium
        self.name = name
    }
}
