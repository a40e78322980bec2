// Random writes under views of every form: after each few, all rows are those of a fresh query.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Random writes under forms of statements") struct StatementFormWriteTests {
    /// The numbers of a seed, always the same (Knuth's MMIX constants).
    private struct Dice {
        var state: UInt64

        mutating func number(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }

        mutating func one(of values: [String]) -> String { values[number(below: values.count)] }
    }

    private static func statement(_ dice: inout Dice) -> String {
        let item = dice.number(below: 14)
        let other = dice.number(below: 14)
        let maker = dice.one(of: ["NULL", "1", "2", "3", "4"])
        let shelf = dice.one(of: ["NULL", "'x'", "'y'", "'z'"])
        let price = dice.one(of: ["NULL", "5", "15.00", "15", "55", "70"])
        let until = dice.one(of: ["NULL", "'2026-01-31 23:30Z'", "'2026-02-01 00:30+02'"])
        let letter = dice.one(of: ["a", "A", "b", "é", "/", "~"])
        switch dice.number(below: 16) {
        case 0, 1:
            return "INSERT INTO item (id, slug, name, maker_id, shelf, price, until) VALUES "
                + "(\(item), '\(letter)\(item)', 'n\(other)', \(maker), \(shelf), \(price), "
                + "\(until)) ON CONFLICT DO NOTHING"
        case 2: return "DELETE FROM item WHERE id = \(item)"
        case 3: return "UPDATE item SET maker_id = \(maker) WHERE id IN (\(item), \(other))"
        case 4: return "UPDATE item SET price = \(price), shelf = \(shelf) WHERE id = \(item)"
        case 5: return "UPDATE item SET slug = '\(letter)' || id WHERE id IN (\(item), \(other))"
        case 6: return "UPDATE item SET until = \(until), name = 'n\(other)' WHERE id = \(item)"
        case 7: return "UPDATE item SET shelf = \(shelf)"
        case 8, 9:
            return "INSERT INTO part SELECT coalesce(max(id), 0) + 1, \(item), 'p\(other)', "
                + "\(other) FROM part HAVING EXISTS (SELECT FROM item WHERE id = \(item))"
        case 10: return "UPDATE part SET weight = \(other), name = 'q\(item)' WHERE id % 5 = 1"
        case 11:
            return "UPDATE part SET item_id = \(item) WHERE id % 7 = \(other % 7) "
                + "AND EXISTS (SELECT FROM item WHERE id = \(item))"
        case 12: return "DELETE FROM part WHERE id % 6 = \(other % 6)"
        case 13:
            return "INSERT INTO item_tag SELECT i.id, t.id FROM item i, tag t "
                + "WHERE i.id IN (\(item), \(other)) AND t.id % 3 = \(item % 3) "
                + "ON CONFLICT DO NOTHING"
        case 14:
            return "UPDATE tag SET name = 't\(other)' WHERE id = \(item % 6); "
                + "DELETE FROM item_tag WHERE tag_id = \(other % 6)"
        default:
            return "UPDATE maker SET name = 'm\(other)' WHERE id = 1 + \(item % 4); "
                + "UPDATE item SET id = id + 20 WHERE id = \(item) AND NOT EXISTS "
                + "(SELECT FROM item o WHERE o.id = \(item) + 20); "
                + "DELETE FROM item WHERE id > 30"
        }
    }

    @Test(arguments: [1, 2, 3, 4])
    func `rows are those of a fresh query`(seed: Int) throws {
        let connection = try Connection(to: DependencyTests.shop())
        try connection.run(
            """
            ALTER TABLE part DROP CONSTRAINT part_item_id_fkey;
            ALTER TABLE part ADD FOREIGN KEY (item_id) REFERENCES item
                ON DELETE CASCADE ON UPDATE CASCADE;
            ALTER TABLE item_tag DROP CONSTRAINT item_tag_item_id_fkey;
            ALTER TABLE item_tag ADD FOREIGN KEY (item_id) REFERENCES item
                ON DELETE CASCADE ON UPDATE CASCADE;
            INSERT INTO maker SELECT n, 'm' || n, NULL FROM generate_series(1, 4) n;
            INSERT INTO tag SELECT n, 't' || n FROM generate_series(0, 5) n;
            """)
        let definitions = try StatementFormTests.forms.map { form in
            try view(form.name, "-- key: \(form.key)\n\(form.sql)")
        }
        _ = try ViewInstaller.apply(definitions, on: connection)
        let views = try InstallDraft.installed(on: connection).views
        for view in views {
            let isEvery = view.dependencies.dependencies.contains { dependency in
                if case .every = dependency.route { true } else { false }
            }
            #expect(!isEvery, "\(view.name)")
        }
        var dice = Dice(state: UInt64(seed))
        var written: [String] = []
        for _ in 0..<40 {
            written = (0..<4).map { _ in Self.statement(&dice) }
            for sql in written { try connection.run(sql) }
            _ = try ChangeQueue.drain(on: connection)
            for view in views {
                let stale = try staleRows(of: view, on: connection)
                #expect(stale == 0, "\(view.name) after \(written)")
                guard stale == 0 else { return }
            }
        }
        #expect(try texts("SELECT view FROM sitegen.failure", on: connection) == [])
    }
}
