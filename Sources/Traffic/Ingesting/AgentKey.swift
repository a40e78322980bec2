// What asked, as a row of `traffic.agent`: the class of a User-Agent, why it is a robot's, and the
// language.
//
// Its members are named as the columns, since numbers are asked for by JSON.

internal import AccessRecords

/// What the statistics know of what asked.
struct AgentKey: Hashable, Encodable {
    var family = ""
    var version = 0
    var system = ""
    var device = 0
    var robot = ""
    var purpose = 0
    var subscribers = 0
    var reason = 0
    var language = ""

    init(_ agent: AgentClass, reason: RobotReason? = nil, language: String = "") {
        family = agent.family
        version = agent.version
        system = agent.system
        device = Int(agent.device.rawValue)
        robot = agent.robot
        purpose = Int(agent.purpose.rawValue)
        subscribers = agent.subscribers
        self.reason = Int(reason?.rawValue ?? 0)
        self.language = language
    }
}
