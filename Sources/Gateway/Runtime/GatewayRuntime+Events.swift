import Dispatch
import Synchronization

extension GatewayRuntime {
    func query(
        _ question: EventQuestion,
        tenant: String,
        for client: ClientKey,
        to mailbox: Mailbox<LoopMessage>
    ) {
        let path = journal?.settings.path
        let isTaken = desk.take(from: tenant) {
            let answer = EventAnswer(question, tenant: tenant, journalPath: path)
            mailbox.post(.answer(client, status: answer.status, json: answer.json))
        }
        guard !isTaken else { return }
        let answer = EventAnswer(refusing: .busy)
        mailbox.post(.answer(client, status: answer.status, json: answer.json))
    }

    /// What the admin listener answers to a question for the events of all tenants; it blocks.
    func eventsReport(_ question: EventQuestion) -> EventsReport {
        let path = journal?.settings.path
        let answer = Mutex(EventAnswer(refusing: .busy))
        let isAnswered = DispatchSemaphore(value: 0)
        let isTaken = desk.take(from: "") {
            let found = EventAnswer(question, tenant: nil, journalPath: path)
            answer.withLock { $0 = found }
            isAnswered.signal()
        }
        if isTaken { isAnswered.wait() }
        return answer.withLock { answer in
            EventsReport(
                status: answer.status,
                json: answer.json,
                retryAfterSeconds: answer.retryAfterSeconds
            )
        }
    }
}
