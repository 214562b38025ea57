-- What Systems Manager says about instances -------------------------------------------------------

CREATE TABLE managed_node (
    -- Asset id of the instance, whether that is an asset yet or not.
    asset_id       uuid        PRIMARY KEY,
    partition      text        NOT NULL,
    account_id     text        NOT NULL,
    region         text        NOT NULL,
    -- Systems Manager's word: "Online", "ConnectionLost" or "Inactive".
    ping_status    text        NOT NULL,
    last_ping_time timestamptz,
    -- When the first complete reading without it began; null while it is managed.
    absent_time    timestamptz
) WITH (fillfactor = 70);

CREATE INDEX managed_node_by_scope ON managed_node (account_id, region);

CREATE TABLE node_reading (
    partition     text        NOT NULL,
    account_id    text        NOT NULL,
    region        text        NOT NULL,
    -- When the first and the last complete reading began; null before the first.
    first_time    timestamptz,
    observed_time timestamptz,
    -- Of the last reading; empty when it was complete.
    failure       text        NOT NULL DEFAULT '',
    PRIMARY KEY (partition, account_id, region)
);

-- Since when its reports name problems without a pause; heartbeats keep it.
ALTER TABLE agent ADD COLUMN degraded_since timestamptz;
