-- Kinds of events that arrived, and when last; written from time to time. Of the whole
-- installation: whose events they were is not here.
CREATE TABLE arrived_kind (
    os          text        NOT NULL,
    source      text        NOT NULL,
    class_uid   integer     NOT NULL,
    activity_id integer     NOT NULL,
    channel     text        NOT NULL,
    event_id    text        NOT NULL,
    last_time   timestamptz NOT NULL,
    PRIMARY KEY (os, source, class_uid, activity_id, channel, event_id)
);

-- One row: whoever moves it sends the next round of canaries.
CREATE TABLE canary_round (
    id           integer     PRIMARY KEY CHECK (id = 1),
    round        bigint      NOT NULL,
    sent_time    timestamptz NOT NULL,
    -- First round after no replica ran for a while: nothing is late that was not sent.
    resumed_time timestamptz NOT NULL
);
INSERT INTO canary_round (id, round, sent_time, resumed_time) VALUES (1, 0, '-infinity', '-infinity');

-- Canaries that are sent now.
CREATE TABLE canary (
    name         text        PRIMARY KEY,
    -- In every round since this one.
    first_round  bigint      NOT NULL,
    first_time   timestamptz NOT NULL,
    -- The last round in which it came through every partition.
    proven_round bigint      NOT NULL,
    proven_time  timestamptz,
    delay_ms     bigint      NOT NULL
);

CREATE TABLE canary_partition (
    partition_id   integer     PRIMARY KEY,
    appended_round bigint      NOT NULL,
    append_problem text        NOT NULL,
    -- The last round that was read here and committed with the cursor.
    read_round     bigint      NOT NULL,
    read_time      timestamptz,
    delay_ms       bigint      NOT NULL
);

-- Canaries that were read and failed; gone with the next round that was read there.
CREATE TABLE canary_failure (
    partition_id integer NOT NULL,
    name         text    NOT NULL,
    round        bigint  NOT NULL,
    stage        integer NOT NULL,
    problem      text    NOT NULL,
    PRIMARY KEY (partition_id, name)
);
