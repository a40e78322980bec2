import FoundationEssentials
import Glibc
import LocalFiles
import Subprocess
import Synchronization
import SystemPackage

/// One text to minify.
package struct MinificationSource: Sendable, Hashable {
    /// What the text is: it decides esbuild's loader and the file name's ending.
    package enum Language: String, Sendable, Hashable {
        /// A style sheet.
        case css
        /// A script, run as a function of its own.
        case js
    }

    /// The language of `text`.
    package let language: Language
    /// Where the text came from, such as a component's type name; with the language as its ending
    /// it is the file that messages name.
    package let name: String
    /// The text, at most `MinificationLimits.sourceBytesMax` bytes of UTF-8.
    package let text: String

    /// Describes one text.
    package init(_ language: Language, name: String, text: String) {
        self.language = language
        self.name = name
        self.text = text
    }
}
