import HTTP

/// The page that a browser shows when an authorization request goes no further.
///
/// It stands for itself: no script, no image, no link. Of what was sent it repeats nothing but the
/// request's identifier.
enum RefusalPage {
    static let contentType: StaticString = "Content-Type: text/html; charset=utf-8\r\n"

    /// Writes what keeps the answer to an authorization request to itself.
    static func writeProtection(
        _ exchange: borrowing Exchange,
        to output: inout OutputBuffer
    ) {
        output.append("Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n")
        guard exchange.wantsPage else { return }
        output.append("Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; ")
        output.append("base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n")
    }

    /// Writes the page of a refusal.
    static func write(
        _ row: Refusal.Row,
        _ exchange: borrowing Exchange,
        to body: inout OutputBuffer
    ) {
        body.append(beginning)
        body.append(row.status < 500 ? refused : failed)
        body.append("<dl>\n<dt>Reason</dt><dd id=\"reason\">")
        append(row.message, to: &body)
        body.append("</dd>\n<dt>Code</dt><dd id=\"code\">")
        append(row.code, to: &body)
        body.append("</dd>\n<dt>Request</dt><dd id=\"request\">")
        append(exchange.requestID.span, to: &body)
        body.append("</dd>\n</dl>\n</main>\n</body>\n</html>\n")
    }

    private static let beginning: StaticString = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>This request cannot go on</title>
        <style>
        :root { color-scheme: light dark }
        body { margin: 0; padding: 3rem 1.25rem; font: 1rem/1.5 system-ui, sans-serif }
        main { max-width: 36rem; margin: 0 auto }
        h1 { font-size: 1.5rem }
        dl { border-top: 1px solid #8888; padding-top: 1rem }
        dt { font-size: .875rem; opacity: .75 }
        dd { margin: 0 0 .75rem; overflow-wrap: anywhere }
        </style>
        </head>
        <body>
        <main>
        <h1>This request cannot go on</h1>

        """

    private static let refused: StaticString = """
        <p>The application that sent you here asked for something in a way that is not accepted.
        You have not been signed in, and nothing was sent back to it. Go back and try again; if it
        happens once more, tell those who run the application what stands below.</p>

        """

    private static let failed: StaticString = """
        <p>The service cannot answer at present. You have not been signed in. Try again in a few
        moments; if it happens once more, tell those who run the service what stands below.</p>

        """

    private static func append(_ text: StaticString, to body: inout OutputBuffer) {
        let bytes = unsafe Span(_unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount)
        append(bytes, to: &body)
    }

    /// Appends text as HTML: what could be markup as a character reference.
    static func append(_ text: Span<UInt8>, to body: inout OutputBuffer) {
        for index in text.indices {
            switch text[index] {
            case UInt8(ascii: "&"): body.append("&amp;")
            case UInt8(ascii: "<"): body.append("&lt;")
            case UInt8(ascii: ">"): body.append("&gt;")
            case UInt8(ascii: "\""): body.append("&quot;")
            case UInt8(ascii: "'"): body.append("&#39;")
            default: body.append(text[index])
            }
        }
    }
}
