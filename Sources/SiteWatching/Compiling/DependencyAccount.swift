// What a source provides to the others of its module, by the compiler's own account of it: a
// `.swiftdeps`. The driver compiles others again when this changes, and only then; what the source
// itself uses stands in the account, too, and makes no difference to anybody else.
//
// The account is a bitstream of names and nodes. A node is provided or used; a fingerprint behind
// it is that of the declaration. (Source: swiftlang/swift, FineGrainedDependencyFormat.h.)

/// What a source provides; its imports are part of that.
package struct DependencyAccount: Sendable {
    /// One declaration, or a file as a whole.
    private struct Node: Hashable, Sendable {
        let kind: Int
        /// Whether it is about the declaration itself, or about what it is made of.
        let aspect: Int
        let context: [UInt8]
        let name: [UInt8]
        var fingerprint: [UInt8] = []
    }

    private let provided: Set<Node>

    private static let signature = Array("DEPS".utf8)
    /// The version of the form that is read.
    private static let version = [1, 0]
    /// The kind of the file's own nodes, whose name is the path of the account.
    private static let file = 6

    /// Reads an account; nil for what is none, or one of another form.
    ///
    /// - Parameter account: its bytes.
    package init?(_ account: [UInt8]) {
        guard let records = Bitstream.records(in: account, signature: Self.signature),
            let head = records.first, head.code == 1, head.values == Self.version
        else { return nil }
        // 0 stands for no name.
        let names = [[]] + records.filter { $0.code == 5 }.map(\.bytes)
        var nodes: [Node] = []
        var isProvided = false
        for record in records {
            switch record.code {
            case 2:
                guard record.values.count == 5, names.indices.contains(record.values[2]),
                    names.indices.contains(record.values[3])
                else { return nil }
                isProvided = record.values[4] == 1
                guard isProvided else { continue }
                let kind = record.values[0]
                nodes.append(
                    Node(
                        kind: kind, aspect: record.values[1], context: names[record.values[2]],
                        name: kind == Self.file ? [] : names[record.values[3]]))
            case 3 where isProvided: nodes[nodes.count - 1].fingerprint = record.bytes
            default: break
            }
        }
        // Without the print of the whole file nobody knows whether it is the same.
        guard nodes.contains(where: { $0.kind == Self.file && !$0.fingerprint.isEmpty }) else {
            return nil
        }
        provided = Set(nodes)
    }

    /// Whether two sources provide the same, so that whatever uses one may use the other.
    package func provides(sameAs other: DependencyAccount) -> Bool { provided == other.provided }
}
