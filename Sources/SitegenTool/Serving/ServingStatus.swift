// What a server that cannot start means for a command: its status, by the kind of error.
//
// The numbers are those of `ExitStatus`; the texts are the errors' own.

package import SiteServing
package import SitegenCommands

extension ServingError: CommandError {
    /// What a server that cannot start means for the command.
    package var exitStatus: ExitStatus {
        switch self {
        case .badAddress: .usage
        case .release, .preview: .badConfiguration
        default: .unavailable
        }
    }
}
