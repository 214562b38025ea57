-- What hosts are like ------------------------------------------------------------------------------

-- The last that each agent said of its host.
CREATE TABLE host_report (
    agent_id     uuid        PRIMARY KEY,
    -- When it came, by the clock of this service.
    receive_time timestamptz NOT NULL,
    -- A HostReport.
    report       bytea       NOT NULL
);

-- What Systems Manager's Patch Manager says of instances; one that it never looked at has no row.
CREATE TABLE patch_state (
    -- Asset id of the instance.
    asset_id       uuid        PRIMARY KEY,
    partition      text        NOT NULL,
    account_id     text        NOT NULL,
    region         text        NOT NULL,
    baseline_id    text        NOT NULL,
    -- "Scan" or "Install", and when it ended; null while the first one runs.
    operation      text        NOT NULL,
    end_time       timestamptz,
    -- Patches; the first three of any kind, the last two those that are not in place.
    missing        integer     NOT NULL,
    failed         integer     NOT NULL,
    pending_reboot integer     NOT NULL,
    critical       integer     NOT NULL,
    security       integer     NOT NULL
);

CREATE INDEX patch_state_by_scope ON patch_state (account_id, region);

CREATE TABLE patch_reading (
    partition     text        NOT NULL,
    account_id    text        NOT NULL,
    region        text        NOT NULL,
    -- When the last complete reading began; null before the first.
    observed_time timestamptz,
    -- Of the last reading; empty when it was complete.
    failure       text        NOT NULL DEFAULT '',
    PRIMARY KEY (partition, account_id, region)
);
