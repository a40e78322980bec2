// The lines of a text as compilers count them: each ends with LF, CR LF or CR, on whatever system
// the file was written.
//
// CR LF is one `Character` to Swift, so a text of such lines has no "\n" in it to be split at. What
// else counts as the end of a line to Unicode, such as U+2028, is a part of a line here.

extension StringProtocol {
    /// The lines without their ends; the last one is empty if the text ends with a line's end.
    package var sourceLines: [SubSequence] {
        split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    }
}
