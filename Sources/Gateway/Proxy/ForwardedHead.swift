import HTTP
import Policy

/// Writes the head that an upstream sees, after section 1.4 of the contract.
///
/// The client's fields pass unless they are about one connection, carry a credential that was for
/// the gateway, or have the name of something that the gateway itself sets, in any spelling.
enum ForwardedHead {
    /// Writes into `output`, which `overflowed` tells was large enough.
    ///
    /// `gate` has the head and the caller of the request in hand, `bytes` the head as it came;
    /// `framing` is how the body goes on.
    @inline(__always)
    static func write(
        _ gate: inout RequestGate,
        _ bytes: Span<UInt8>,
        framing: BodyFraming,
        exchange: borrowing Exchange,
        address: AddressText,
        to output: inout OutputBuffer
    ) {
        guard let snapshot = exchange.snapshot else { return }
        let tenant = snapshot.tenants[exchange.tenant]
        let upstream = snapshot.upstreams[tenant.upstream]
        let route = snapshot.policy.routes[exchange.route]
        writeRequestLine(gate.head, bytes, to: &output)
        output.append("Host: ")
        if let host = upstream.host {
            output.append(host)
        } else {
            output.append(bytes.extracting(gate.head.authority))
        }
        output.append("\r\n")
        let parent = TraceParent.find(gate.head, bytes)
        copyFields(gate.head, bytes, upstream, route, parent, to: &output)
        writeFraming(framing, to: &output)
        output.append("X-Request-Id: ")
        output.append(exchange.requestID.span)
        writeTrace(&gate, parent, bytes, to: &output)
        writeOrigin(gate.head, bytes, address, to: &output)
        if route.access == .authorized, let principal = gate.principal {
            writeIdentity(principal, tenant, to: &output)
        }
        for header in upstream.headers {
            write(header, gate.principal, tenant, exchange.requestID, to: &output)
        }
        output.append("\r\n")
    }

    @inline(__always)
    private static func writeRequestLine(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        to output: inout OutputBuffer
    ) {
        output.append(bytes.extracting(head.methodRange))
        output.append(UInt8(ascii: " "))
        output.append(bytes.extracting(head.pathRange))
        if let query = head.queryRange {
            output.append(UInt8(ascii: "?"))
            output.append(bytes.extracting(query))
        }
        output.append(" HTTP/1.1\r\n")
    }

    @inline(__always)
    private static func copyFields(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        _ upstream: UpstreamRuntime,
        _ route: CompiledRoute,
        _ parent: TraceParent?,
        to output: inout OutputBuffer
    ) {
        for index in 0..<head.fields.count {
            let field = head.fields[index]
            if field.isNamedByConnection { continue }
            switch field.known {
            case .host, .connection, .contentLength, .expect, .forwarded, .keepAlive,
                .proxyAuthenticate, .proxyAuthorization, .proxyConnection, .te, .traceparent,
                .trailer, .transferEncoding, .upgrade, .xForwardedFor, .xForwardedHost,
                .xForwardedProto, .xForwardedOther, .xRequestID, .postern:
                continue
            case .tracestate where parent == nil: continue
            case .dpop
            where route.access == .authorized
                && (!route.forwardsToken || field.isVariantSpelling):
                // The proof is part of the credential, and was for the gateway.
                continue
            case .authorization where route.forwardsToken && !field.isVariantSpelling: break
            case .authorization, .cookie:
                // In another spelling they would reach the application as the real ones.
                if route.access != .credentialsPass || field.isVariantSpelling { continue }
            case .other where isSet(bytes.extracting(field.name), by: upstream):
                continue
            default: break
            }
            HeadWriter.appendField(field, of: bytes, to: &output)
        }
    }

    /// Whether a `header` line of the upstream sets this field.
    @inline(__always)
    private static func isSet(_ name: Span<UInt8>, by upstream: UpstreamRuntime) -> Bool {
        for header in upstream.headers where FieldName.matches(name, header.name.span) {
            return true
        }
        return false
    }

    @inline(__always)
    private static func writeFraming(
        _ framing: BodyFraming,
        to output: inout OutputBuffer
    ) {
        switch framing {
        case .length(let count):
            HeadWriter.appendField("Content-Length", decimal: Int(count), to: &output)
        case .chunked: output.append("Transfer-Encoding: chunked\r\n")
        case .none, .untilClose: break
        }
    }

    /// Continues the client's trace, or begins one (W3C Trace Context section 3.2).
    @inline(__always)
    private static func writeTrace(
        _ gate: inout RequestGate,
        _ parent: TraceParent?,
        _ bytes: Span<UInt8>,
        to output: inout OutputBuffer
    ) {
        output.append("\r\ntraceparent: 00-")
        if let parent {
            output.append(bytes.extracting(parent.traceID))
            output.append(UInt8(ascii: "-"))
            output.append(hexadecimal: gate.random.next() | 1, digits: 16)
            output.append(UInt8(ascii: "-"))
            output.append(bytes.extracting(parent.flags))
        } else {
            output.append(hexadecimal: gate.random.next(), digits: 16)
            output.append(hexadecimal: gate.random.next() | 1, digits: 16)
            output.append(UInt8(ascii: "-"))
            output.append(hexadecimal: gate.random.next() | 1, digits: 16)
            output.append("-01")
        }
        output.append("\r\n")
    }

    /// Says who asked for what, RFC 7239 and its forerunners.
    @inline(__always)
    private static func writeOrigin(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        _ address: AddressText,
        to output: inout OutputBuffer
    ) {
        let host = bytes.extracting(head.authority)
        output.append("Forwarded: for=")
        if isIPv6(address) {
            output.append("\"[")
            output.append(address.span)
            output.append("]\"")
        } else {
            output.append(address.span)
        }
        output.append(";host=\"")
        output.append(host)
        output.append("\";proto=https\r\nX-Forwarded-For: ")
        output.append(address.span)
        output.append("\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: ")
        output.append(host)
        output.append("\r\n")
    }

    private static func isIPv6(_ address: AddressText) -> Bool {
        let text = address.span
        for index in text.indices where text[index] == UInt8(ascii: ":") { return true }
        return false
    }

    @inline(__always)
    private static func writeIdentity(
        _ principal: Principal,
        _ tenant: TenantRuntime,
        to output: inout OutputBuffer
    ) {
        output.append("X-Postern-Tenant: ")
        output.append(tenant.nameBytes)
        output.append("\r\nX-Postern-Client: ")
        output.append(principal.client)
        output.append("\r\nX-Postern-Subject: ")
        output.append(principal.subject)
        output.append("\r\nX-Postern-Roles: ")
        output.append(principal.roles)
        output.append("\r\n")
    }

    private static func write(
        _ header: UpstreamHeader,
        _ principal: Principal?,
        _ tenant: TenantRuntime,
        _ requestID: RequestID,
        to output: inout OutputBuffer
    ) {
        output.append(header.name)
        output.append(": ")
        for piece in header.pieces {
            switch piece {
            case .literal(let text): output.append(text)
            case .subject: output.append(principal?.subject ?? [])
            case .tenant: output.append(tenant.nameBytes)
            case .client: output.append(principal?.client ?? [])
            case .roles: output.append(principal?.roles ?? [])
            case .requestID: output.append(requestID.span)
            case .claim(let path):
                let value = principal?.claim(path) ?? []
                if FieldValue.isValid(value.span) { output.append(value) }
            }
        }
        output.append("\r\n")
    }
}
