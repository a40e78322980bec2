// What the JSON columns of the views of rooms hold.
//
// Doors and furniture have the same keys and so the same type. A list is never missing: a room
// without windows has an empty one, and only a decoration can be absent.

/// A door or a piece of furniture.
struct Piece: Decodable, Equatable, Sendable {
    let id: Int
    let name: String
    let width: Double
    let length: Double
    let height: Double
    let type: String
}

/// A window and what is fitted to it.
struct Window: Decodable, Equatable, Sendable {
    let id: Int
    let name: String
    let width: Double
    let length: Double
    let height: Double
    let type: String
    let fittings: [Piece]
}

/// A decoration and its souvenirs.
struct Decoration: Decodable, Equatable, Sendable {
    let id: Int
    let name: String
    let souvenirs: [Souvenir]
}

/// Something that belongs to decorations.
struct Souvenir: Decodable, Equatable, Sendable {
    let id: Int
    let name: String
}
