// Prices are exact, and no order of commits leaves an old one behind.
//
// The race: one session changes a service's price, another subscribes to that service meanwhile.
// Whoever computes the price once, in either session, computes it from the old one.

import MaterializedViews
import Postgres
import TestSupport
import Testing

@testable import SubscriptionsExample

@Suite("Subscriptions example") struct StalePriceTests {
    private let database: ExampleDatabase

    init() throws { database = try ExampleDatabase("subscriptions", size: 200) }

    /// Whether every view is what its definition says; and the total the sum of the prices.
    private func expectTrue(_ connection: borrowing Connection) throws {
        for view in ["subscription", "client"] {
            #expect(try connection.differences(between: "def_\(view)", and: view) == [])
        }
        #expect(
            try connection.differences(
                between: "def_subscription_total", and: "subscription_total", key: "name") == [])
        #expect(
            try connection.texts("SELECT total FROM sitegen.subscription_total")
                == connection.texts("SELECT sum(price) FROM sitegen.subscription"))
    }

    private func price(
        of subscription: Int, on connection: borrowing Connection
    ) throws -> [String] {
        var prices: [String] = []
        let stream = try RowStream(SubscriptionRow.self, on: connection)
        try stream.rows(withKeys: ["\(subscription)"], on: connection) {
            row in prices.append(row.price.description)
        }
        return prices
    }

    @Test func `a price changes while another session subscribes`() throws {
        let first = try Connection(to: database.url)
        let second = try Connection(to: database.url)
        let refresher = try Connection(to: database.url)
        try first.run("BEGIN; UPDATE services_service SET full_price = 1000 WHERE id = 1")
        try second.run(
            """
            INSERT INTO services_subscription (id, client_id, service_id, plan_id)
            VALUES (900, 1, 1, 2)
            """)
        try refresher.refreshViews()
        #expect(try price(of: 900, on: refresher) == ["237.50"], "the price that is committed")
        try first.run("COMMIT")
        try refresher.refreshViews()
        #expect(try price(of: 900, on: refresher) == ["950.00"])
        try expectTrue(refresher)
    }

    @Test func `a plan changes while another session changes over to it`() throws {
        let first = try Connection(to: database.url)
        let second = try Connection(to: database.url)
        let refresher = try Connection(to: database.url)
        try second.run("INSERT INTO services_plan VALUES (90, 'discount', 10)")
        try first.run("BEGIN; UPDATE services_plan SET discount_percent = 90 WHERE id = 90")
        try second.run(
            "UPDATE services_subscription SET plan_id = 90, service_id = 1 WHERE id = 5")
        try refresher.refreshViews()
        #expect(try price(of: 5, on: refresher) == ["225.00"])
        try first.run("COMMIT")
        try refresher.refreshViews()
        #expect(try price(of: 5, on: refresher) == ["25.00"])
        try expectTrue(refresher)
    }

    @Test func `a total is told once for all prices of one refresh, and never apart from them`()
        throws
    {
        let connection = try Connection(to: database.url)
        let before = try connection.lastEvent()
        try connection.run("UPDATE services_service SET full_price = full_price + 1")
        try connection.refreshViews()
        #expect(
            try connection.events(of: "subscription_total", after: before) == ["u all"])
        try expectTrue(connection)
        try connection.run("DELETE FROM services_subscription")
        try connection.refreshViews()
        #expect(try connection.texts("SELECT total FROM sitegen.subscription_total") == ["0.00"])
        #expect(
            try connection.texts(
                "SELECT DISTINCT subscriptions::text || total FROM sitegen.client") == ["[]0.00"])
    }

    @Test(arguments: [
        (250, 5, "237.50"), (250, 20, "200.00"), (250, 0, "250.00"), (250, 40, "150.00"),
        (999, 33, "669.33"), (1, 1, "0.99"), (7, 100, "0.00"), (2_147_483_647, 1, "2126008810.53"),
    ])
    func `a price is exact to the hundredth`(full: Int, discount: Int, price: String) throws {
        let connection = try Connection(to: database.url)
        try connection.run(
            """
            INSERT INTO services_service VALUES (90, 'Cleaning', \(full));
            INSERT INTO services_plan VALUES (90, 'discount', \(discount));
            UPDATE services_subscription SET service_id = 90, plan_id = 90 WHERE id = 1
            """)
        try connection.refreshViews()
        #expect(try self.price(of: 1, on: connection) == [price])
        let shown = try connection.texts(
            "SELECT subscriptions FROM sitegen.client WHERE subscriptions::text LIKE '%Cleaning%'")
        #expect(shown.count == 1 && shown[0].contains("\"price\" : \"\(price)\""))
        try expectTrue(connection)
    }

    @Test func `237.50 and 200.00 are 437.50`() throws {
        let connection = try Connection(to: database.url)
        try connection.run(
            """
            DELETE FROM services_subscription;
            UPDATE services_service SET full_price = 250 WHERE id = 1;
            INSERT INTO services_subscription (client_id, service_id, plan_id)
            VALUES (1, 1, 2), (1, 1, 3)
            """)
        try connection.refreshViews()
        var totals: [String] = []
        let stream = try RowStream(SubscriptionTotalRow.self, on: connection)
        try stream.each(on: connection) { row in
            totals.append("\(row.subscriptions) \(row.total)")
        }
        #expect(totals == ["2 437.50"])
    }
}
