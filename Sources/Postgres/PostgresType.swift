// The types of PostgreSQL that this module knows by number.
//
// The numbers are fixed in PostgreSQL's catalogue (src/include/catalog/pg_type.dat) and never
// change; those from 16384 on belong to one database, so they are looked up (`TypeCatalog`).

/// A type's number, its OID in pg_type.
public struct PostgresType: Hashable, Sendable {
    /// The OID; 0 leaves the choice to the server.
    public var oid: UInt32

    /// Wraps an OID.
    public init(oid: UInt32) { self.oid = oid }

    /// No type: the server chooses.
    public static let unspecified = Self(oid: 0)
    /// `bool`, OID 16.
    public static let bool = Self(oid: 16)
    /// `bytea`, OID 17.
    public static let bytea = Self(oid: 17)
    /// `char`, OID 18.
    public static let char = Self(oid: 18)
    /// `name`, OID 19.
    public static let name = Self(oid: 19)
    /// `int8`, OID 20.
    public static let int8 = Self(oid: 20)
    /// `int2`, OID 21.
    public static let int2 = Self(oid: 21)
    /// `int4`, OID 23.
    public static let int4 = Self(oid: 23)
    /// `text`, OID 25.
    public static let text = Self(oid: 25)
    /// `oid`, OID 26.
    public static let oidType = Self(oid: 26)
    /// `json`, OID 114.
    public static let json = Self(oid: 114)
    /// `xml`, OID 142.
    public static let xml = Self(oid: 142)
    /// `float4`, OID 700.
    public static let float4 = Self(oid: 700)
    /// `float8`, OID 701.
    public static let float8 = Self(oid: 701)
    /// `unknown`, OID 705.
    public static let unknown = Self(oid: 705)
    /// `bpchar`, OID 1042.
    public static let bpchar = Self(oid: 1042)
    /// `varchar`, OID 1043.
    public static let varchar = Self(oid: 1043)
    /// `date`, OID 1082.
    public static let date = Self(oid: 1082)
    /// `timestamp`, OID 1114.
    public static let timestamp = Self(oid: 1114)
    /// `timestamptz`, OID 1184.
    public static let timestamptz = Self(oid: 1184)
    /// `interval`, OID 1186.
    public static let interval = Self(oid: 1186)
    /// `numeric`, OID 1700.
    public static let numeric = Self(oid: 1700)
    /// `uuid`, OID 2950.
    public static let uuid = Self(oid: 2950)
    /// `jsonb`, OID 3802.
    public static let jsonb = Self(oid: 3802)

    /// The first OID that is not PostgreSQL's own; FirstNormalObjectId in access/transam.h.
    static let firstUserOID: UInt32 = 16_384

    /// Names by OID, and the element type where the type is an array.
    private static let builtIn: [UInt32: (name: String, element: UInt32)] = {
        let scalars: [(String, UInt32, array: UInt32)] = [
            ("bool", 16, 1000), ("bytea", 17, 1001), ("char", 18, 1002), ("name", 19, 1003),
            ("int8", 20, 1016), ("int2", 21, 1005), ("int4", 23, 1007), ("text", 25, 1009),
            ("oid", 26, 1028), ("json", 114, 199), ("xml", 142, 143), ("float4", 700, 1021),
            ("float8", 701, 1022), ("bpchar", 1042, 1014), ("varchar", 1043, 1015),
            ("date", 1082, 1182), ("time", 1083, 1183), ("timestamp", 1114, 1115),
            ("timestamptz", 1184, 1185), ("interval", 1186, 1187), ("timetz", 1266, 1270),
            ("numeric", 1700, 1231), ("uuid", 2950, 2951), ("jsonb", 3802, 3807),
            ("inet", 869, 1041), ("cidr", 650, 651), ("money", 790, 791), ("bit", 1560, 1561),
            ("varbit", 1562, 1563), ("point", 600, 1017), ("record", 2249, 2287),
        ]
        var table: [UInt32: (name: String, element: UInt32)] = [
            705: ("unknown", 0), 2278: ("void", 0),
        ]
        for (name, oid, array) in scalars {
            table[oid] = (name, 0)
            table[array] = ("\(name)[]", oid)
        }
        return table
    }()

    /// The name of a built-in type, such as "int8" or "text[]"; nil for any other.
    public var builtInName: String? { Self.builtIn[oid]?.name }

    /// The element type of a built-in array type; nil for any other.
    var builtInElement: PostgresType? {
        guard let element = Self.builtIn[oid]?.element, element != 0 else { return nil }
        return PostgresType(oid: element)
    }

    /// Whether the type's binary form is its text.
    ///
    /// User types count as such: an enum's is. A composite type's is not, and reading one as text
    /// fails as malformed unless it happens to be UTF-8; views cast those.
    @inlinable var isTextual: Bool {
        switch oid {
        case 25, 1043, 1042, 19, 705, 18, 114, 142: true
        default: oid >= 16_384
        }
    }
}
