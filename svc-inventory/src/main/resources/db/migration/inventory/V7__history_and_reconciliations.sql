-- What assets were --------------------------------------------------------------------------------

-- What an asset is now is in its own row since update_time; here is what it was before. An asset
-- that never changed has no row. No foreign key: assets are never deleted.
CREATE TABLE asset_version (
    asset_id       uuid        NOT NULL,
    valid_from     timestamptz NOT NULL,
    -- When the next version began.
    valid_until    timestamptz NOT NULL,
    instance_state text        NOT NULL,
    tombstone_time timestamptz,
    -- yagura.inventory.v1.Asset
    description    bytea       NOT NULL,
    -- Null where it is that of the next version.
    configuration  text,
    PRIMARY KEY (asset_id, valid_from),
    CHECK (valid_from < valid_until)
);
-- What is to be deleted.
CREATE INDEX asset_version_by_end ON asset_version (valid_until);

-- Since when changes are kept: what was before cannot be told.
CREATE TABLE asset_history (
    begin_time timestamptz NOT NULL
);
INSERT INTO asset_history VALUES (clock_timestamp());

-- Readings that were asked for --------------------------------------------------------------------

-- A reading of this number was asked for: an earlier one that ends does not put it off.
ALTER TABLE scope_reading ADD COLUMN wanted bigint NOT NULL DEFAULT 0;

CREATE TABLE reconciliation (
    id           uuid        PRIMARY KEY,
    request_id   uuid        NOT NULL UNIQUE,
    -- Of the request and its caller.
    digest       text        NOT NULL,
    requested_by text        NOT NULL,
    start_time   timestamptz NOT NULL,
    due_time     timestamptz NOT NULL
);
CREATE INDEX reconciliation_by_start ON reconciliation (start_time);

CREATE TABLE reconciliation_set (
    reconciliation_id uuid    NOT NULL REFERENCES reconciliation ON DELETE CASCADE,
    partition         text    NOT NULL,
    account_id        text    NOT NULL,
    region            text    NOT NULL,
    resource_type     text    NOT NULL,
    state             text    NOT NULL DEFAULT 'WAITING'
        CHECK (state IN ('WAITING', 'READING', 'COMPLETE', 'NOT_RECORDED', 'FAILED')),
    reason            text    NOT NULL DEFAULT '',
    -- At first that of the last reading before the request; only later ones count.
    generation        bigint  NOT NULL,
    failures          integer NOT NULL DEFAULT 0,
    items_read        bigint  NOT NULL DEFAULT 0,
    calls             bigint  NOT NULL DEFAULT 0,
    assets_new        bigint  NOT NULL DEFAULT 0,
    assets_changed    bigint  NOT NULL DEFAULT 0,
    assets_tombstoned bigint  NOT NULL DEFAULT 0,
    start_time        timestamptz,
    -- Null while it goes on.
    end_time          timestamptz,
    PRIMARY KEY (reconciliation_id, partition, account_id, region, resource_type),
    CHECK ((state IN ('WAITING', 'READING')) = (end_time IS NULL))
) WITH (fillfactor = 70);

CREATE INDEX reconciliation_set_open ON reconciliation_set (account_id, region, resource_type)
    WHERE end_time IS NULL;
