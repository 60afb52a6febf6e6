-- The table that `clickhouse URL TABLE` in a `ship` block inserts into. One row an event.
--
-- It works from ClickHouse 18.16 on, which is what Debian 12 has. Columns are named as the members
-- of an event; what an event does not have is empty; `data` is JSON as text, for JSONExtract.
--
-- A batch can arrive twice: the answer to the first insert was lost, or the gateway died before it
-- had written down that it came. Two things make one of it:
--   1. A repeated insert carries the same insert_deduplication_token. A server from version 22.2 on
--      ignores it if the table remembers tokens, as the last statement says; replicated tables do so
--      by default. Postern finds out by itself when a server is too old to know tokens.
--   2. ReplacingMergeTree keeps one row for each key, and the key ends with the id of the event.
--      Until parts are merged, SELECT ... FINAL or count(DISTINCT id) see one.
CREATE TABLE IF NOT EXISTS postern_events
(
    id String,
    type String,
    category String,
    version String,
    timestamp String,
    time DateTime('UTC') MATERIALIZED parseDateTimeBestEffort(timestamp, 'UTC'),
    tenantId String,
    requestId String,
    requestIp String,
    clientId String,
    data String
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (tenantId, time, id);

-- From version 22.2 on: remember the tokens of the last 10,000 inserts.
ALTER TABLE postern_events MODIFY SETTING non_replicated_deduplication_window = 10000;
