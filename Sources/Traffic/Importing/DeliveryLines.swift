// Lines of delivery networks' logs: what their servers answered, for a site whose pages they keep.
//
// cloudfront: standard logs, fields with tabs between them, `#` before what is no request.
// cloudflare: Logpush of `http_requests` as lines of JSON. fastly: lines of JSON with the members
// of the formats that its documentation has for log streaming.

internal import FoundationEssentials
internal import Groundwork

extension LogLine {
    // MARK: CloudFront

    /// The places of fields in a standard log.
    private enum CloudFront {
        static let date = 0
        static let time = 1
        static let bytes = 3
        static let client = 4
        static let method = 5
        static let stem = 7
        static let status = 8
        static let referer = 9
        static let agent = 10
        static let query = 11
        static let host = 15
        static let seconds = 18
    }

    init?(cloudfront line: ArraySlice<UInt8>) {
        let fields = line.split(separator: 0x09, omittingEmptySubsequences: false).map { field in
            String(decoding: field.last == 0x0D ? field.dropLast() : field, as: UTF8.self)
        }
        guard fields.count > CloudFront.seconds,
            let at = Self.instant(
                of: "\(fields[CloudFront.date])T\(fields[CloudFront.time])Z"),
            // 000, which is none: the client had gone before it got an answer.
            let status = Int(fields[CloudFront.status]),
            let bytes = Int(fields[CloudFront.bytes]),
            fields[CloudFront.stem].hasPrefix("/")
        else { return nil }
        func text(_ place: Int) -> String { fields[place] == "-" ? "" : fields[place] }
        let query = text(CloudFront.query)
        let stem = Array(fields[CloudFront.stem].utf8)
        self.init(client: Array(text(CloudFront.client).utf8), at: at, status: status, bytes: bytes)
        method = Array(text(CloudFront.method).utf8)
        target = query.isEmpty ? stem : stem + Array("?\(query)".utf8)
        referer = Self.unescaped(text(CloudFront.referer))
        agent = Self.unescaped(text(CloudFront.agent))
        host = Array(text(CloudFront.host).utf8)
        micros = Self.micros(seconds: Double(fields[CloudFront.seconds]) ?? 0)
    }

    /// A field of which spaces and the like are written as `%20`.
    private static func unescaped(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        return PercentCoding.decoded(bytes.span, 0..<bytes.count, isLenient: true) ?? bytes
    }

    // MARK: Cloudflare

    /// A time as its owner chose to have it: RFC 3339, or whole seconds or nanoseconds since 1970.
    private struct Moment: Decodable {
        let micros: Int64

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int64.self) {
                guard number >= 0 else { throw LogLine.refused(decoder) }
                let since1970 = number > 100_000_000_000 ? number / 1_000 : number * 1_000_000
                micros = since1970 - Civil.secondsFrom1970To2000 * 1_000_000
            } else if let at = LogLine.instant(of: try container.decode(String.self)) {
                micros = at
            } else {
                throw LogLine.refused(decoder)
            }
        }
    }

    private static func refused(_ decoder: any Decoder) -> any Error {
        DecodingError.dataCorrupted(
            DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "no time"))
    }

    private struct CloudflareLine: Decodable {
        var ClientIP: String?
        var ClientRequestHost: String?
        var ClientRequestMethod: String
        var ClientRequestURI: String
        var ClientRequestUserAgent: String?
        var ClientRequestReferer: String?
        var EdgeStartTimestamp: Moment
        var EdgeEndTimestamp: Moment?
        var EdgeResponseStatus: Int
        var EdgeResponseBytes: Int?
    }

    init?(cloudflare line: ArraySlice<UInt8>) {
        guard let line = try? JSONDecoder().decode(CloudflareLine.self, from: Data(line)) else {
            return nil
        }
        let start = line.EdgeStartTimestamp.micros
        self.init(
            client: Array((line.ClientIP ?? "").utf8), at: start, status: line.EdgeResponseStatus,
            bytes: line.EdgeResponseBytes ?? 0)
        method = Array(line.ClientRequestMethod.utf8)
        target = Array(line.ClientRequestURI.utf8)
        referer = Array((line.ClientRequestReferer ?? "").utf8)
        agent = Array((line.ClientRequestUserAgent ?? "").utf8)
        host = Array((line.ClientRequestHost ?? "").utf8)
        micros = Self.micros(
            seconds: Double((line.EdgeEndTimestamp?.micros ?? start) - start) / 1_000_000)
    }

    // MARK: Fastly

    private struct FastlyLine: Decodable {
        var timestamp: String?
        var time_start: String?
        var time_elapsed: Int?
        var client_ip: String?
        var host: String?
        var url: String
        var request_method: String?
        var request: String?
        var request_referer: String?
        var request_user_agent: String?
        var response_status: Int?
        var status: Int?
        var response_body_size: Int?
        var resp_body_size: Int?
    }

    init?(fastly line: ArraySlice<UInt8>) {
        guard let line = try? JSONDecoder().decode(FastlyLine.self, from: Data(line)),
            let at = (line.timestamp ?? line.time_start).flatMap({ Self.instant(of: $0) }),
            let status = line.response_status ?? line.status,
            let method = line.request_method ?? line.request
        else { return nil }
        self.init(
            client: Array((line.client_ip ?? "").utf8), at: at, status: status,
            bytes: line.response_body_size ?? line.resp_body_size ?? 0)
        self.method = Array(method.utf8)
        target = Array(line.url.utf8)
        referer = Array((line.request_referer ?? "").utf8)
        agent = Array((line.request_user_agent ?? "").utf8)
        host = Array((line.host ?? "").utf8)
        micros = Self.micros(seconds: Double(line.time_elapsed ?? 0) / 1_000_000)
    }

    /// Seconds as microseconds, at most those of a day.
    static func micros(seconds: Double) -> Int {
        seconds.isFinite ? Int(min(max(0, seconds), 86_400) * 1_000_000) : 0
    }
}
