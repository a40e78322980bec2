// The row types of the views in site/database, one class per view.
//
// Written by `sitegen db generate` from the view files and what PostgreSQL says about their
// columns. Do not edit: change a view's file, then run `sitegen db apply` and `sitegen db
// generate`.

import SiteAuthoring

/// One client with the subscriptions and what they cost together; without any, an empty list.
final class ClientRow: SharedRow {
    /// `id`, bigint.
    let id: Int
    /// `company_name`, character varying(100).
    let companyName: String
    /// `full_address`, character varying(100).
    let fullAddress: String
    /// `username`, text.
    let username: String
    /// `subscriptions`, json.
    let subscriptions: [ClientSubscription]
    /// `total`, numeric.
    let total: Numeric

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "client",
        key: ["id"],
        columns: [
            .init("id", "bigint"),
            .init("company_name", "character varying(100)"),
            .init("full_address", "character varying(100)"),
            .init("username", "text"),
            .init("subscriptions", "json"),
            .init("total", "numeric"),
        ],
        digest: "6d0128adf9610de086829f63795e2bc84b4ad794f8d052db57e8fe9048ada5a4"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(id)"
    }

    /// A row of these values, for previews and tests.
    init(
        id: Int,
        companyName: String,
        fullAddress: String,
        username: String,
        subscriptions: [ClientSubscription],
        total: Numeric
    ) {
        self.id = id
        self.companyName = companyName
        self.fullAddress = fullAddress
        self.username = username
        self.subscriptions = subscriptions
        self.total = total
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        companyName = try row.column(1, of: Self.self)
        fullAddress = try row.column(2, of: Self.self)
        username = try row.column(3, of: Self.self)
        subscriptions = try row.json(4, of: Self.self)
        total = try row.column(5, of: Self.self)
    }
}

/// One subscription and its price: the service's price less the plan's discount, exact.
final class SubscriptionRow: SharedRow {
    /// `id`, bigint.
    let id: Int
    /// `client_name`, character varying(100).
    let clientName: String
    /// `email`, character varying(254).
    let email: String
    /// `service`, character varying(50).
    let service: String
    /// `plan`, json.
    let plan: Plan
    /// `price`, numeric.
    let price: Numeric
    /// `comment`, character varying(50).
    let comment: String

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "subscription",
        key: ["id"],
        columns: [
            .init("id", "bigint"),
            .init("client_name", "character varying(100)"),
            .init("email", "character varying(254)"),
            .init("service", "character varying(50)"),
            .init("plan", "json"),
            .init("price", "numeric"),
            .init("comment", "character varying(50)"),
        ],
        digest: "4db401319e2fe2cb548dbd090b13e646c46f232717d14099e97e67ff61f2deeb"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(id)"
    }

    /// A row of these values, for previews and tests.
    init(
        id: Int,
        clientName: String,
        email: String,
        service: String,
        plan: Plan,
        price: Numeric,
        comment: String
    ) {
        self.id = id
        self.clientName = clientName
        self.email = email
        self.service = service
        self.plan = plan
        self.price = price
        self.comment = comment
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        clientName = try row.column(1, of: Self.self)
        email = try row.column(2, of: Self.self)
        service = try row.column(3, of: Self.self)
        plan = try row.json(4, of: Self.self)
        price = try row.column(5, of: Self.self)
        comment = try row.column(6, of: Self.self)
    }
}

/// What all subscriptions cost together: a view over the rows of another view.
///
/// It is computed in the transaction that changes those rows, so no reader ever sees a total that
/// is not the sum of the prices beside it.
final class SubscriptionTotalRow: SharedRow {
    /// `name`, text.
    let name: String
    /// `subscriptions`, bigint.
    let subscriptions: Int
    /// `total`, numeric.
    let total: Numeric

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "subscription_total",
        key: ["name"],
        columns: [
            .init("name", "text"),
            .init("subscriptions", "bigint"),
            .init("total", "numeric"),
        ],
        digest: "d823e2f5c94a13d08b3c42a7e3a5c3485c0e17da214b6cf4908cdf4f5d3dfa5d"
    )

    /// The text of the row's key.
    var rowKey: String {
        name
    }

    /// A row of these values, for previews and tests.
    init(
        name: String,
        subscriptions: Int,
        total: Numeric
    ) {
        self.name = name
        self.subscriptions = subscriptions
        self.total = total
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        name = try row.column(0, of: Self.self)
        subscriptions = try row.column(1, of: Self.self)
        total = try row.column(2, of: Self.self)
    }
}
