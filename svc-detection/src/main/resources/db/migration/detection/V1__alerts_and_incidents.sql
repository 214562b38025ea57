-- Change feed: copy into a migration of a service whose resources can be watched, and name the feeds.
--
-- The last statement of each transaction that changes a watched resource takes the next number from
-- feed_head and keeps its row locked until the commit: numbers are dense and in commit order.
-- A watcher asks for what is above its number and can miss nothing.

CREATE TABLE feed_head (
    feed        text   PRIMARY KEY,
    -- Another value makes every cursor expire. Set a new one after a restore from a backup:
    -- UPDATE feed_head SET incarnation = gen_random_uuid();
    incarnation uuid   NOT NULL DEFAULT gen_random_uuid(),
    head        bigint NOT NULL DEFAULT 0
-- One hot row a feed: room on its page, so that updates stay on it.
) WITH (fillfactor = 10);

CREATE TABLE feed_change (
    feed       text        NOT NULL,
    number     bigint      NOT NULL,
    -- Id of what changed; the reader loads its newest state.
    key        uuid        NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (feed, number)
);

INSERT INTO feed_head (feed) VALUES ('alerts'), ('incidents');

-- Replicas that want partitions. A row that is not renewed counts for nothing.
CREATE TABLE detector (
    id      uuid        PRIMARY KEY,
    seen_at timestamptz NOT NULL
);

-- One row a partition of the event log: who reads it, and how far it is done.
CREATE TABLE log_partition (
    partition_id  integer     PRIMARY KEY,
    owner         uuid,
    -- Grows with each owner; the first statement of each transaction compares it.
    epoch         bigint      NOT NULL DEFAULT 0,
    expires_at    timestamptz,
    -- Everything up to this place is in alerts, incidents and marks.
    incarnation   text        NOT NULL DEFAULT '',
    cursor_offset bigint      NOT NULL DEFAULT 0,
    -- Process tables in host_process are as of this place.
    table_offset  bigint      NOT NULL DEFAULT 0,
    committed_at  timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);

-- Highest batch of each spool that is done: what comes again in a new log is not counted twice.
CREATE TABLE agent_mark (
    partition_id  integer NOT NULL,
    aws_partition text    NOT NULL,
    account_id    text    NOT NULL,
    region        text    NOT NULL,
    agent_id      text    NOT NULL,
    spool_id      text    NOT NULL,
    sequence      bigint  NOT NULL,
    received_ns   bigint  NOT NULL,
    PRIMARY KEY (partition_id, agent_id, spool_id)
) WITH (fillfactor = 70);

-- Processes and files of a host as of log_partition.table_offset; zstd.
CREATE TABLE host_process (
    partition_id  integer NOT NULL,
    host_id       uuid    NOT NULL,
    aws_partition text    NOT NULL,
    account_id    text    NOT NULL,
    region        text    NOT NULL,
    body          bytea   NOT NULL,
    PRIMARY KEY (partition_id, host_id)
);

CREATE TABLE alert (
    id             uuid        PRIMARY KEY,
    aws_partition  text        NOT NULL,
    account_id     text        NOT NULL,
    region         text        NOT NULL,
    host_id        uuid        NOT NULL,
    instance_id    text        NOT NULL,
    rule_id        text        NOT NULL,
    severity       integer     NOT NULL,
    -- Each technique, and the technique above each sub-technique.
    technique_keys text[]      NOT NULL,
    incident_id    uuid        NOT NULL,
    create_time    timestamptz NOT NULL,
    update_time    timestamptz NOT NULL,
    version        bigint      NOT NULL,
    -- yagura.detection.v1.Alert, without what the columns say.
    body           bytea       NOT NULL
);
CREATE INDEX alert_by_time ON alert (create_time DESC, id DESC);
CREATE INDEX alert_by_account ON alert (account_id, region, create_time DESC, id DESC);
CREATE INDEX alert_by_host ON alert (host_id, create_time DESC, id DESC);
CREATE INDEX alert_by_incident ON alert (incident_id);
CREATE INDEX alert_by_rule ON alert (rule_id, create_time DESC, id DESC);
CREATE INDEX alert_by_technique ON alert USING gin (technique_keys);

CREATE TABLE incident (
    id            uuid        PRIMARY KEY,
    aws_partition text        NOT NULL,
    account_id    text        NOT NULL,
    region        text        NOT NULL,
    host_id       uuid        NOT NULL,
    instance_id   text        NOT NULL,
    state         integer     NOT NULL,
    severity      integer     NOT NULL,
    create_time   timestamptz NOT NULL,
    update_time   timestamptz NOT NULL,
    version       bigint      NOT NULL,
    -- yagura.detection.v1.Incident, without what the columns say.
    body          bytea       NOT NULL
);
CREATE INDEX incident_by_time ON incident (create_time DESC, id DESC);
CREATE INDEX incident_by_account ON incident (account_id, region, create_time DESC, id DESC);
CREATE INDEX incident_by_host ON incident (host_id, create_time DESC, id DESC);

-- What a new alert of the host joins an incident by: a process, an address, a role session.
CREATE TABLE incident_key (
    host_id     uuid   NOT NULL,
    key         text   NOT NULL,
    incident_id uuid   NOT NULL,
    -- Newest event with this key, corrected.
    seen_ns     bigint NOT NULL,
    PRIMARY KEY (host_id, key, incident_id)
);
CREATE INDEX incident_key_by_incident ON incident_key (incident_id);

-- Times in which the telemetry of a host (or of a whole partition) is known to be incomplete.
CREATE TABLE visibility_gap (
    id           uuid    PRIMARY KEY,
    partition_id integer NOT NULL,
    host_id      uuid,
    start_ns     bigint  NOT NULL,
    end_ns       bigint  NOT NULL,
    reason       text    NOT NULL
);
CREATE INDEX visibility_gap_by_host ON visibility_gap (partition_id, host_id, end_ns);

-- Answered updates, so that a repeated request does nothing twice.
CREATE TABLE incident_request (
    request_id  uuid        PRIMARY KEY,
    incident_id uuid        NOT NULL,
    -- SHA-256 of what was asked.
    fingerprint text        NOT NULL,
    create_time timestamptz NOT NULL
);
