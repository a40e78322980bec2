// Optional properties that no key of the JSON fills.

import FoundationEssentials
import Testing

@testable import MaterializedViews

private struct Card: Decodable {
    var name: String
    var titel: String?
}

private struct Shelf: Decodable { var cards: [Card] }

private struct Note: Decodable {
    var note: String?
    var text: String?
}

private struct Renamed: Decodable {
    enum CodingKeys: String, CodingKey { case firstName = "first_name" }
    var firstName: String?
}

private struct Many: Decodable { var colour: String? }

@Suite("Misspelt keys") struct MisspeltKeyTests {
    private func problem<T: Decodable>(_ type: T.Type, _ json: String) throws -> String? {
        let data = Data(json.utf8)
        do {
            try MisspeltKey.check(try JSONDecoder().decode(T.self, from: data), madeFrom: data)
            return nil
        } catch {
            return JSONText.problem(error)
        }
    }

    @Test func `a property beside a key of nearly its name is told, however deep`() throws {
        #expect(
            try problem(Shelf.self, #"{"cards": [{"name": "a", "title": "b"}]}"#)
                == "`titel` of Card is in no object; the key that is there is `title`")
        #expect(try problem([Card?].self, #"[{"name": "a", "title": "b"}]"#) != nil)
    }

    @Test func `what may well be meant so is not`() throws {
        #expect(try problem(Card.self, #"{"name": "a"}"#) == nil)
        #expect(try problem(Card.self, #"{"name": "a", "titel": null}"#) == nil)
        #expect(try problem(Card.self, #"{"name": "a", "title": null}"#) == nil)
        #expect(try problem(Note.self, #"{"notes": [1], "size": 2}"#) == nil)
        #expect(try problem(Renamed.self, #"{"first_name": "a"}"#) == nil)
    }

    @Test func `only the first values of a type are looked at`() throws {
        for _ in 0..<MisspeltKey.valuesMax {
            #expect(try problem(Many.self, #"{"color": "red"}"#) != nil)
        }
        #expect(try problem(Many.self, #"{"color": "red"}"#) == nil)
    }
}
