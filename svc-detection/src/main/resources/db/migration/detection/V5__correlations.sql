-- Shards of the groups of correlations. A replica works on one while it holds the lock of its row.
CREATE TABLE correlation_shard (
    shard integer PRIMARY KEY
);
INSERT INTO correlation_shard SELECT generate_series(0, 15);

-- Members that were found and are not in their groups yet. Rows are put in by the transaction of a
-- cursor, or of the group of an inner correlation, and taken out by the transaction of their group.
CREATE TABLE correlation_inbox (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shard        integer     NOT NULL,
    -- Name of the rule and hash of its text: another text begins with nothing.
    correlation  text        NOT NULL,
    group_id     uuid        NOT NULL,
    group_values text[]      NOT NULL,
    -- It was a member, and is not any more.
    removed      boolean     NOT NULL,
    rule_index   integer     NOT NULL,
    event_id     text        NOT NULL,
    time_ns      bigint      NOT NULL,
    field_values text[]      NOT NULL,
    -- Names and values in turn.
    carried      text[]      NOT NULL,
    evidence     bytea       NOT NULL,
    create_time  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX correlation_inbox_by_shard ON correlation_inbox (shard, id);

CREATE TABLE correlation_group (
    group_id     uuid        PRIMARY KEY,
    correlation  text        NOT NULL,
    group_values text[]      NOT NULL,
    -- Members that can still matter, see GroupStateFormat.
    state        bytea       NOT NULL,
    -- Newest event, and the newest as of a time that is at least as long ago as events may be late
    -- before it is taken anew: what is older than that one is not waited for any more.
    newest_ns       bigint      NOT NULL,
    checkpoint_ns   bigint      NOT NULL,
    checkpoint_time timestamptz NOT NULL,
    update_time  timestamptz NOT NULL
);
CREATE INDEX correlation_group_by_time ON correlation_group (update_time);

-- Sightings of the members of groups, zstd.
CREATE TABLE correlation_evidence (
    group_id uuid   NOT NULL,
    event_id text   NOT NULL,
    time_ns  bigint NOT NULL,
    evidence bytea  NOT NULL,
    PRIMARY KEY (group_id, event_id)
);
CREATE INDEX correlation_evidence_by_time ON correlation_evidence (group_id, time_ns);
