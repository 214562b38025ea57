-- What is installed on hosts, as Systems Manager's inventory says ------------------------------------

-- Hosts of one image have the same software: each list of it is kept once.
CREATE TABLE software_list (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- SHA-256 over its entries in their order.
    fingerprint bytea       NOT NULL UNIQUE,
    -- When a host was last given it; what nobody has is deleted a day later.
    used_time   timestamptz NOT NULL
);

-- Texts are compared by their bytes: pages go on after one.
CREATE TABLE software_entry (
    list_id      bigint NOT NULL REFERENCES software_list ON DELETE CASCADE,
    -- From 1.
    position     integer          NOT NULL,
    -- The name in lower case.
    folded_name  text COLLATE "C" NOT NULL,
    name         text COLLATE "C" NOT NULL,
    version      text COLLATE "C" NOT NULL,
    release      text COLLATE "C" NOT NULL,
    architecture text COLLATE "C" NOT NULL,
    publisher    text COLLATE "C" NOT NULL,
    PRIMARY KEY (list_id, position)
);
CREATE INDEX software_entry_by_name ON software_entry (folded_name, list_id);

-- A row for each host that was ever read.
CREATE TABLE software_host (
    -- Asset id of the instance.
    asset_id      uuid        PRIMARY KEY,
    partition     text        NOT NULL,
    account_id    text        NOT NULL,
    region        text        NOT NULL,
    -- Null where Systems Manager has nothing of it.
    list_id       bigint      REFERENCES software_list,
    capture_time  timestamptz,
    -- Entries beyond those that are kept.
    left_out      integer     NOT NULL,
    -- When Systems Manager was last asked.
    read_time     timestamptz NOT NULL
);
CREATE INDEX software_host_by_list ON software_host (list_id);
CREATE INDEX software_host_by_scope ON software_host (account_id, region);

-- Times differ where hosts were patched one after the other, so they are no part of lists. Ten times
-- as wide as the rest of a host's row, and read for the lines of an answer only.
CREATE TABLE software_installation (
    asset_id      uuid     PRIMARY KEY REFERENCES software_host ON DELETE CASCADE,
    -- Seconds since 1970 for each entry of the host's list, null where none is told.
    install_times bigint[] NOT NULL
);

CREATE TABLE software_reading (
    partition     text        NOT NULL,
    account_id    text        NOT NULL,
    region        text        NOT NULL,
    -- When it may be read next; while it is read, when another replica may take over.
    due_time      timestamptz NOT NULL,
    -- Of the last reading; empty when it was complete.
    failure       text        NOT NULL DEFAULT '',
    PRIMARY KEY (partition, account_id, region)
);
