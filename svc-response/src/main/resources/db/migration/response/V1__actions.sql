-- The feed of changed actions; the same tables as in every service whose resources can be watched.
-- The last statement of each transaction that changes an action takes the next number from feed_head
-- and keeps its row locked until the commit: numbers are dense and in commit order.

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

INSERT INTO feed_head (feed) VALUES ('actions');

CREATE TABLE action (
    -- UUIDv7: newer ids sort after older ones.
    id                uuid        PRIMARY KEY,
    aws_partition     text        NOT NULL,
    account_id        text        NOT NULL,
    region            text        NOT NULL,
    instance_id       text        NOT NULL,
    -- Actions of one VPC share its isolation group; the runner takes one of them at a time.
    vpc_id            text        NOT NULL,
    state             text        NOT NULL,
    incident          uuid,
    -- A caller's request is answered by the action that it made first.
    request_id        uuid        UNIQUE,
    content_digest    text        NOT NULL,
    -- The incident that a proposal is for: never two proposals for one.
    proposal_incident uuid        UNIQUE,
    -- It may have changed the instance, or will.
    holds_instance    boolean     NOT NULL,
    -- There is work for a runner, from next_run_at on.
    runnable          boolean     NOT NULL,
    next_run_at       timestamptz NOT NULL,
    -- When the work, or the time to approve, is over.
    due_at            timestamptz NOT NULL,
    attempts          integer     NOT NULL,
    -- Fencing: a runner writes only with the epoch that it was given. All times by this database.
    lease_epoch       bigint      NOT NULL,
    lease_until       timestamptz NOT NULL,
    revision          bigint      NOT NULL,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    -- yagura.response.v1.Action
    body              bytea       NOT NULL
);

-- Two actions on one instance would undo each other wrongly.
CREATE UNIQUE INDEX action_holds_instance
    ON action (aws_partition, account_id, region, instance_id) WHERE holds_instance;
CREATE INDEX action_by_instance ON action (aws_partition, account_id, region, instance_id, id);
CREATE INDEX action_by_state ON action (account_id, region, state, id);
CREATE INDEX action_by_incident ON action (account_id, region, incident, id);
CREATE INDEX action_runnable ON action (next_run_at) WHERE runnable;
CREATE INDEX action_proposed ON action (due_at) WHERE state = 'PROPOSED';

-- Actions are proof: nobody takes one back.
REVOKE DELETE ON action FROM "${runtime_role}";

-- How far other services' feeds have been followed.
CREATE TABLE followed_feed (
    name       text        PRIMARY KEY,
    cursor     text        NOT NULL,
    updated_at timestamptz NOT NULL
);
