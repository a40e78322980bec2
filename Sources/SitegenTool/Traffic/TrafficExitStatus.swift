// What the errors of traffic mean for a command.
//
// A spool that cannot be used is a folder that cannot be written; a wrong schema or setting is a
// wrong configuration; a log of another form is wrong data.

package import AccessRecords
package import SitegenCommands
package import Traffic

extension TrafficError: CommandError {
    /// The status of the process.
    package var exitStatus: ExitStatus {
        switch self {
        case .noSchema, .olderSchema, .newerSchema, .noRights, .noZone, .badSetting:
            .badConfiguration
        case .notALog: .badData
        case .unreadableLog, .dayIsFinal: .failure
        case .badPeriod, .badCondition: .usage
        }
    }
}

extension SpoolFault: CommandError {
    /// The status of the process.
    package var exitStatus: ExitStatus { .cannotWrite }
}
