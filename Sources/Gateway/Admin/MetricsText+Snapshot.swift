extension MetricsText {
    /// Everything in `snapshot`, as a scraper reads it.
    static func render(_ snapshot: MetricsSnapshot) -> String {
        var page = MetricsText()
        page.add(
            "postern_build_info",
            .gauge,
            "The running version; always 1.",
            [Sample(1 as UInt64, ["version": snapshot.version])]
        )
        page.addRequests(snapshot)
        if let shadow = snapshot.shadow { page.addShadow(shadow) }
        page.addClients(snapshot.clients)
        page.addUpstreams(snapshot.upstreams)
        page.addTokenCache(snapshot.tokenCache)
        page.addKeys(snapshot.keys)
        page.addRevocations(snapshot)
        if let introspection = snapshot.introspection { page.addIntrospection(introspection) }
        page.addJournal(snapshot.journal)
        page.addShippers(snapshot.shippers)
        page.addReloads(snapshot)
        if let process = snapshot.process { page.addProcess(process) }
        return page.text
    }

    private mutating func addRequests(_ snapshot: MetricsSnapshot) {
        add(
            "postern_requests_total",
            .counter,
            "Requests by tenant, route and outcome.",
            snapshot.requests.map {
                Sample(
                    $0.count,
                    ["tenant": $0.tenant, "route": $0.route, "outcome": $0.outcome.rawValue]
                )
            }
        )
        add(
            "postern_refusals_total",
            .counter,
            "Requests that the gateway refused, by code.",
            snapshot.refusals.map { Sample($0.count, ["code": $0.code]) }
        )
        add(
            "postern_request_duration_seconds",
            "From the request's first byte to the answer's last.",
            snapshot.requestDuration
        )
    }

    private mutating func addClients(_ clients: MetricsSnapshot.Clients) {
        add("postern_client_connections", .gauge, "Client connections now open.", clients.open)
        add(
            "postern_client_connections_total",
            .counter,
            "Client connections accepted.",
            clients.accepted
        )
        add(
            "postern_client_connections_rejected_total",
            .counter,
            "Client connections closed for the limits on connections.",
            clients.rejected
        )
        add(
            "postern_tls_handshake_failures_total",
            .counter,
            "TLS handshakes that failed.",
            clients.handshakeFailures
        )
        add(
            "postern_client_accept_failures_total",
            .counter,
            "Times that the system gave no connection, for want of descriptors for example.",
            clients.acceptFailures
        )
    }

    private mutating func addUpstreams(_ upstreams: [MetricsSnapshot.Upstream]) {
        add(
            "postern_upstream_requests_total",
            .counter,
            "Requests sent to an upstream.",
            upstreams.map { Sample($0.requests, ["upstream": $0.name]) }
        )
        add(
            "postern_upstream_connects_total",
            .counter,
            "Connections made to an upstream.",
            upstreams.map { Sample($0.connects, ["upstream": $0.name]) }
        )
        add(
            "postern_upstream_reuses_total",
            .counter,
            "Requests sent over a connection that had served one before.",
            upstreams.map { Sample($0.reused, ["upstream": $0.name]) }
        )
        add(
            "postern_upstream_connections",
            .gauge,
            "Connections to an upstream now open.",
            upstreams.flatMap {
                [
                    Sample($0.active, ["upstream": $0.name, "state": "active"]),
                    Sample($0.idle, ["upstream": $0.name, "state": "idle"]),
                ]
            }
        )
        add(
            "postern_upstream_failures_total",
            .counter,
            "Requests that an upstream failed.",
            upstreams.flatMap { upstream in
                upstream.failures.map {
                    Sample($0.count, ["upstream": upstream.name, "reason": $0.reason])
                }
            }
        )
    }

    private mutating func addTokenCache(_ cache: MetricsSnapshot.TokenCache) {
        add(
            "postern_token_cache_hits_total",
            .counter,
            "Tokens known to be valid already.",
            cache.hits
        )
        add(
            "postern_token_cache_misses_total",
            .counter,
            "Tokens that had to be validated.",
            cache.misses
        )
        add("postern_token_cache_entries", .gauge, "Tokens remembered as valid.", cache.entries)
    }

    private mutating func addRevocations(_ snapshot: MetricsSnapshot) {
        add(
            "postern_revocations",
            .gauge,
            "Revoked tokens, subjects and clients in force.",
            [
                Sample(UInt64(snapshot.revocations.file.total), ["source": "file"]),
                Sample(UInt64(snapshot.revocations.posted.total), ["source": "posted"]),
            ]
        )
        add(
            "postern_revocation_file_failures_total",
            .counter,
            "Times that a revoked file could not be used any more.",
            snapshot.revocationFileFailures
        )
    }

    private mutating func addIntrospection(_ introspection: MetricsSnapshot.Introspection) {
        add(
            "postern_introspection_requests_total",
            .counter,
            "Requests to introspection endpoints, by what became of them.",
            introspection.requests.map { Sample($0.count, ["outcome": $0.outcome]) }
        )
        add(
            "postern_introspection_shared_total",
            .counter,
            "Tokens that needed no request of their own, being known or asked about already.",
            introspection.shared
        )
        add(
            "postern_introspection_overload_total",
            .counter,
            "Tokens not asked about because too many were, or because the endpoint fails.",
            introspection.full
        )
        add(
            "postern_introspection_entries",
            .gauge,
            "Answers of introspection endpoints that are remembered.",
            introspection.entries
        )
    }

    private mutating func addJournal(_ journal: MetricsSnapshot.Journal) {
        add("postern_journal_events_total", .counter, "Events written.", journal.events)
        add("postern_journal_bytes_total", .counter, "Bytes of events written.", journal.bytes)
        add(
            "postern_journal_failures_total",
            .counter,
            "Events that could not be written.",
            journal.failures
        )
        add(
            "postern_journal_open_starts",
            .gauge,
            "Operations that have begun and not ended.",
            journal.openStarts
        )
        add(
            "postern_journal_unshipped_removed_total",
            .counter,
            "Events that the journal's limit removed before every shipper had sent them.",
            journal.unshippedRemoved
        )
    }

    private mutating func addReloads(_ snapshot: MetricsSnapshot) {
        add("postern_reloads_total", .counter, "Reloads that took effect.", snapshot.reloads)
        add(
            "postern_reload_failures_total",
            .counter,
            "Reloads that were refused, as a whole or some files of tenants.",
            snapshot.reloadFailures
        )
        add(
            "postern_tenant_files_refused",
            .gauge,
            "Files of tenants that are not used as they are.",
            snapshot.refusedTenantFiles
        )
        add(
            "postern_tenants_in_old_form",
            .gauge,
            "Tenants that go on in the form before, since their file was refused.",
            snapshot.tenantsInOldForm
        )
        add(
            "postern_certificate_expiry_timestamp_seconds",
            .gauge,
            "When a certificate ends, in seconds since 1970.",
            snapshot.certificates.map {
                Sample(Double($0.notAfter), ["name": $0.name, "file": $0.file])
            }
        )
    }

    private mutating func addProcess(_ process: MetricsSnapshot.Process) {
        add(
            "postern_process_cpu_seconds_total",
            .counter,
            "CPU time used, user and system.",
            process.cpuSeconds
        )
        add(
            "postern_process_resident_memory_bytes",
            .gauge,
            "Memory that is resident.",
            process.residentBytes
        )
        add("postern_process_open_fds", .gauge, "Open file descriptors.", process.openDescriptors)
        add("postern_process_max_fds", .gauge, "The most file descriptors.", process.descriptorsMax)
        add(
            "postern_process_start_time_seconds",
            .gauge,
            "When the process began, in seconds since 1970.",
            process.startTime
        )
    }
}
