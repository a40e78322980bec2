// The bodies that this server reads: reports of violated policies, and what the script of
// `Measured` sends. Both are short, bounded before a byte of them is read, and answered by 204.
// Whatever they say changes no answer.

import AccessRecords

/// A body that is being read.
struct PostedBody {
    /// What is posted.
    enum Kind {
        /// Reports of violated policies.
        case reports
        /// What a page's script tells when the page is left.
        case beacon
    }

    let kind: Kind
    let head: RequestHead
    let length: Int

    /// The length of a body that is read, or why it is not.
    static func length(of kind: Kind, _ head: RequestHead) -> Result<Int, Refused> {
        guard !head.hasCodedBody, let length = head.contentLength else {
            return .failure(Refused(.lengthMissing))
        }
        let max =
            switch kind {
            case .reports: PolicyReports.bytesMax
            case .beacon: BeaconBody.bytesMax
            }
        return length <= max ? .success(length) : .failure(Refused(.bodyTooLarge))
    }
}
