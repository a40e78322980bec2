/// One kind of fragment, with the row type erased.
public struct FragmentRoute: Sendable {
    /// The fragment's name in Redis.
    package let name: String
    /// The view to read.
    package let schema: ViewSchema
    /// How many seconds a published fragment may be shown.
    package let lifetimeSeconds: Int
    /// The components whose styles a page with the slot has.
    package let styledComponents: ComponentSet
    /// Decodes a row and renders it.
    package let render:
        @Sendable (borrowing RowReader, any RenderEnvironment) throws(RowError) -> RenderedFragment

    /// A fragment that everybody sees alike.
    public static func shared<F: SharedFragment>(_ fragment: F.Type) -> FragmentRoute {
        make(F.self) { .shared(key: F.key($0)) }
    }

    /// A fragment of one visitor.
    public static func perVisitor<F: PrivateFragment>(_ fragment: F.Type) -> FragmentRoute {
        make(F.self) { .perVisitor(cookieValue: F.visitor($0)) }
    }

    private static func make<F: Fragment>(
        _ fragment: F.Type, address: @escaping @Sendable (F.Row) -> RenderedFragment.Address
    ) -> FragmentRoute {
        FragmentRoute(
            name: F.name, schema: F.Row.schema, lifetimeSeconds: F.lifetimeSeconds,
            styledComponents: ComponentSet([F.self] + F.uses)
        ) { (reader, environment) throws(RowError) in
            let row = try F.Row(from: reader)
            let document = Markup.render(.fragment, in: environment) { F(row: row) }
            return RenderedFragment(
                address: address(row), rowKey: row.rowKey, document: document)
        }
    }
}
