import ContentEncoding
import Hashing
import NIOCore
import ReleaseFormat
import Synchronization

/// The releases before the current one whose dictionaries clients may still hold.
enum EarlierReleases {
    /// The newest of them, as many as the limits allow; what cannot be read is left out.
    static func open(
        _ output: String, before current: ReleaseID, limits: ServingLimits,
        known: [ReleaseReader] = []
    ) -> [ReleaseReader] {
        guard let history = try? ReleaseReader.history(output) else { return [] }
        var ids: [ReleaseID] = []
        for line in history.reversed() where line.id != current && !ids.contains(line.id) {
            if ids.count >= limits.earlierReleasesMax { break }
            ids.append(line.id)
        }
        var byteCount = 0
        var readers: [ReleaseReader] = []
        for id in ids {
            let open = known.first { $0.manifest.id == id }
            guard
                let reader = open
                    ?? (try? ReleaseReader.open(output, id: id, reusing: known.first))
            else { continue }
            byteCount += reader.manifest.byteCount
            if byteCount > limits.earlierManifestBytesMax { break }
            readers.append(reader)
        }
        return readers
    }
}
