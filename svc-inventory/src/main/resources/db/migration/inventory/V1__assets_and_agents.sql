-- Change feed, as in common's db/template/change_feed.sql.
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

-- admissions: an agent was enrolled or revoked (heartbeats are not in it).
INSERT INTO feed_head (feed) VALUES ('admissions'), ('assets');

-- Enrolment ---------------------------------------------------------------------------------------

CREATE TABLE enrollment_token (
    id            uuid        PRIMARY KEY,
    -- SHA-256 of the secret, hexadecimal; the secret itself is kept nowhere.
    secret_sha256 text        NOT NULL UNIQUE,
    partition     text        NOT NULL,
    account_id    text        NOT NULL,
    region        text        NOT NULL,
    description   text        NOT NULL,
    created_by    text        NOT NULL,
    create_time   timestamptz NOT NULL,
    expire_time   timestamptz NOT NULL,
    max_uses      integer     NOT NULL CHECK (max_uses > 0),
    uses          integer     NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND max_uses)
);

CREATE TABLE agent (
    id                      uuid        PRIMARY KEY,
    host_id                 uuid        NOT NULL,
    partition               text        NOT NULL,
    account_id              text        NOT NULL,
    region                  text        NOT NULL,
    token_id                uuid        NOT NULL,
    public_key_sha256       text        NOT NULL,
    instance_id             text        NOT NULL,
    hostname                text        NOT NULL,
    os                      text        NOT NULL,
    boot_id                 text        NOT NULL,
    version                 text        NOT NULL,
    enroll_time             timestamptz NOT NULL,
    certificate_expire_time timestamptz NOT NULL,
    last_heartbeat_time     timestamptz,
    -- yagura.inventory.v1.AgentHealth
    health                  bytea       NOT NULL,
    revoke_time             timestamptz,
    revoke_reason           text        NOT NULL,
    update_time             timestamptz NOT NULL,
    -- The same key and token are the same enrolment.
    UNIQUE (token_id, public_key_sha256)
-- Heartbeats change rows and no index: room for them on the page.
) WITH (fillfactor = 70);

CREATE INDEX agent_by_key ON agent (public_key_sha256);
CREATE INDEX agent_by_account ON agent (account_id, region, id);

-- Assets ------------------------------------------------------------------------------------------

CREATE TABLE asset (
    id             uuid        PRIMARY KEY,
    partition      text        NOT NULL,
    account_id     text        NOT NULL,
    region         text        NOT NULL,
    resource_type  text        NOT NULL,
    native_id      text        NOT NULL,
    state          text        NOT NULL CHECK (state IN ('ACTIVE', 'TOMBSTONE')),
    -- EC2's word; empty outside EC2.
    instance_state text        NOT NULL,
    -- yagura.inventory.v1.Asset with what its source says, and nothing else.
    description    bytea       NOT NULL,
    -- The reading that had it last.
    generation     bigint      NOT NULL,
    observed_time  timestamptz NOT NULL,
    tombstone_time timestamptz,
    update_time    timestamptz NOT NULL,
    UNIQUE (partition, account_id, region, resource_type, native_id),
    CHECK ((state = 'TOMBSTONE') = (tombstone_time IS NOT NULL))
) WITH (fillfactor = 70);

CREATE INDEX asset_by_account ON asset (account_id, region, id);
CREATE INDEX asset_by_native_id ON asset (account_id, region, native_id);
-- What a reading did not see.
CREATE INDEX asset_active ON asset (account_id, region, resource_type) WHERE state = 'ACTIVE';

-- No foreign key to the asset: an agent may enrol before its instance was read for the first time.
CREATE TABLE asset_agent (
    agent_id   uuid PRIMARY KEY,
    asset_id   uuid NOT NULL,
    account_id text NOT NULL,
    region     text NOT NULL
);
CREATE INDEX asset_agent_by_asset ON asset_agent (asset_id, account_id, region);

-- One reader a scope over all replicas. Every time here is of the database's clock.
CREATE TABLE scope_reading (
    partition     text        NOT NULL,
    account_id    text        NOT NULL,
    region        text        NOT NULL,
    -- Grows with each reading; what an older one still wants to write is refused.
    generation    bigint      NOT NULL DEFAULT 0,
    reader        uuid,
    lease_until   timestamptz,
    due_time      timestamptz NOT NULL DEFAULT clock_timestamp(),
    complete_time timestamptz,
    failures      integer     NOT NULL DEFAULT 0,
    failure       text        NOT NULL DEFAULT '',
    PRIMARY KEY (partition, account_id, region)
);
