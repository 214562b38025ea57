-- Messages to systems outside: a row for each event and endpoint, written with the change that it
-- tells of, so that there is either both or none.
CREATE TABLE webhook_delivery (
    -- UUIDv7; the header webhook-id, the same at every attempt.
    id              uuid        PRIMARY KEY,
    endpoint        text        NOT NULL,
    type            text        NOT NULL,
    -- "actions/{uuid}", "playbookRuns/{uuid}"
    resource        text        NOT NULL,
    account_id      text        NOT NULL,
    -- As it is sent, and signed.
    body            text        NOT NULL,
    state           text        NOT NULL CHECK (state IN ('PENDING', 'DELIVERED', 'DEAD')),
    -- Begun since it was made or replayed.
    attempts        integer     NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    -- Fencing, as for actions: whoever sends it writes only with the epoch that it was given.
    lease_epoch     bigint      NOT NULL,
    lease_until     timestamptz NOT NULL,
    -- HTTP status of the last answer; 0 for none.
    last_status     integer     NOT NULL,
    last_error      text        NOT NULL,
    -- What the endpoint answered, cut; of messages whose answer says something.
    answer          text        NOT NULL,
    created_at      timestamptz NOT NULL,
    ended_at        timestamptz
);

CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint, next_attempt_at)
    WHERE state = 'PENDING';
CREATE INDEX webhook_delivery_by_endpoint ON webhook_delivery (endpoint, state, id);
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE state <> 'PENDING';

-- Endpoints that answered 410 Gone; in force as long as their configuration is the one of then.
CREATE TABLE webhook_disabled_endpoint (
    name        text        PRIMARY KEY,
    -- SHA-256 of its configuration, lower-case hex.
    fingerprint text        NOT NULL,
    disabled_at timestamptz NOT NULL,
    reason      text        NOT NULL
);
