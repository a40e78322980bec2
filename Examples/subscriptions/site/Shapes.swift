// What the JSON columns of the views of subscriptions hold.
//
// Money is text in JSON: a JSON number would be read as a binary fraction, in which 0.1 is not one
// tenth. Columns of money are `Numeric` and need no such care.

/// The plan of a subscription.
struct Plan: Decodable, Equatable, Sendable {
    let id: Int
    /// `full`, `student` or `discount`.
    let type: String
    /// Percent off the service's price.
    let discount: Int
}

/// A subscription in its client's list.
struct ClientSubscription: Decodable, Equatable, Sendable {
    let id: Int
    let service: String
    /// The type of the plan.
    let plan: String
    /// With two decimals, such as 237.50.
    let price: String
}
