// A running server and the promise that it does not outlive us.
//
// The server is the child of a small shell, its supervisor, whose standard input is a pipe that
// only we hold open: the lifeline. When we close it or die, kill -9 included, the shell reads the
// end of the file, stops the server and removes its sockets. Not PR_SET_PDEATHSIG: that signal
// comes when the *thread* that started the child ends, which in a thread pool is any moment.

internal import Glibc

/// Sole owner of a supervised server; stops it when the value goes.
struct RunningServer: ~Copyable {
    private let supervisor: ChildProcess
    private let lifeline: Int32
    private let marker: String
    /// Held until the server is gone, so that nobody starts a second one meanwhile.
    private let lock: Descriptor

    /// $1: the folder of sockets, $2: a folder to delete at the end or nothing, then the command.
    ///
    /// The signal is repeated because a server ignores it until its handlers are in place. The
    /// shell closes every copy of the pipe that it does not read itself.
    private static let script = """
        sockets=$1; folder=$2; shift 2
        exec 3<&0 </dev/null
        "$@" 3<&- &
        server=$!
        trap 'kill -INT "$server"' HUP INT TERM
        (trap - HUP INT TERM; read -r word <&3; exec 3<&-
        while kill -INT "$server"; do sleep 1; done) 2>/dev/null &
        watcher=$!
        exec 3<&-
        while :; do
            wait "$server"; status=$?
            kill -0 "$server" 2>/dev/null || break
        done
        kill "$watcher" 2>/dev/null
        rm -rf -- "$sockets" ${folder:+"$folder"}
        exit "$status"
        """

    /// What to start, where its traces go and how to see that it answers.
    struct Launch {
        var name: String
        var command: [String]
        var socketFolder: String
        var folder: ServerFolder
        var deletesFolder: Bool
        var isReady: () -> Bool
    }

    /// Starts the server and waits until it answers.
    static func start(
        _ launch: Launch, lock: consuming Descriptor
    ) throws(PrivateServerError) -> RunningServer {
        let log = try Descriptor.open(launch.folder.log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND)
        let pipe = try Pipe()
        let arguments =
            [
                "/bin/sh", "-c", Self.script, "sitegen-supervisor", launch.socketFolder,
                launch.deletesFolder ? launch.folder.path : "",
            ] + launch.command
        let child = try ChildProcess.start(
            arguments, input: pipe.reading.number, output: log.number, ownSession: true)
        let lifeline = fcntl(pipe.writing.number, F_DUPFD_CLOEXEC, 3)
        // From here on an error stops the server: the value goes.
        let server = RunningServer(
            supervisor: child, lifeline: lifeline, marker: launch.folder.running, lock: lock)
        try server.waitUntilReady(launch)
        try writeFile(launch.folder.running, launch.socketFolder)
        return server
    }

    private init(
        supervisor: ChildProcess, lifeline: Int32, marker: String, lock: consuming Descriptor
    ) {
        self.supervisor = supervisor
        self.lifeline = lifeline
        self.marker = marker
        self.lock = lock
    }

    private borrowing func waitUntilReady(_ launch: Launch) throws(PrivateServerError) {
        let deadline = ContinuousClock.now + .seconds(PrivateServerLimits.startSecondsMax)
        while !launch.isReady() {
            if let status = supervisor.statusIfEnded() {
                throw .ended(server: launch.name, status: status, log: logTail(launch.folder.log))
            }
            guard ContinuousClock.now < deadline else {
                throw .notReady(
                    server: launch.name, seconds: PrivateServerLimits.startSecondsMax,
                    log: logTail(launch.folder.log))
            }
            pauseBriefly()
        }
    }

    deinit {
        unsafe unlink(marker)
        close(lifeline)
        let deadline = ContinuousClock.now + .seconds(PrivateServerLimits.stopSecondsMax)
        while supervisor.statusIfEnded() == nil && ContinuousClock.now < deadline { pauseBriefly() }
    }
}
