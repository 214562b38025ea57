-- Rules that change while detection runs. Of the whole installation, so there is no account or region.

-- One row. Its lock is held by each change of rules until the commit, and its number tells replicas
-- that there is something new.
CREATE TABLE rule_generation (
    singleton  boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    generation bigint  NOT NULL
);
INSERT INTO rule_generation (generation) VALUES (1);

-- Rules of the pack "custom".
CREATE TABLE custom_rule (
    -- The rule's own UUID, lower case.
    rule_id     text        PRIMARY KEY,
    body        text        NOT NULL,
    version     bigint      NOT NULL,
    create_time timestamptz NOT NULL,
    update_time timestamptz NOT NULL,
    updater     text        NOT NULL
);

-- Imported packs.
CREATE TABLE rule_pack (
    name          text        PRIMARY KEY,
    -- The zip archive as it came.
    archive       bytea       NOT NULL,
    archive_hash  text        NOT NULL,
    default_state text        NOT NULL,
    import_time   timestamptz NOT NULL,
    importer      text        NOT NULL
);

-- Of rules of any pack; without a row the default of the pack counts.
CREATE TABLE rule_deployment (
    rule_name   text        PRIMARY KEY,
    state       text        NOT NULL,
    reason      text        NOT NULL,
    version     bigint      NOT NULL,
    update_time timestamptz NOT NULL,
    updater     text        NOT NULL
);

CREATE TABLE rule_exception (
    id              uuid        PRIMARY KEY,
    rule_name       text        NOT NULL,
    body            text        NOT NULL,
    reason          text        NOT NULL,
    creator         text        NOT NULL,
    create_time     timestamptz NOT NULL,
    expire_time     timestamptz,
    -- Written by detection.
    match_count     bigint      NOT NULL DEFAULT 0,
    last_match_time timestamptz
);
CREATE INDEX rule_exception_by_rule ON rule_exception (rule_name);

-- Answered changes, so that a repeated request does nothing twice.
CREATE TABLE rule_request (
    request_id  uuid        PRIMARY KEY,
    -- SHA-256 of what was asked, and by whom.
    fingerprint text        NOT NULL,
    -- Name of what was changed.
    resource    text        NOT NULL,
    create_time timestamptz NOT NULL
);
CREATE INDEX rule_request_by_time ON rule_request (create_time);

-- Counts over all replicas. Those of matches are written with the cursor, so they are exact.
CREATE TABLE rule_statistics (
    rule_name        text   PRIMARY KEY,
    evaluated_events bigint NOT NULL DEFAULT 0,
    matches          bigint NOT NULL DEFAULT 0,
    alerts           bigint NOT NULL DEFAULT 0,
    shadow_matches   bigint NOT NULL DEFAULT 0,
    excepted_matches bigint NOT NULL DEFAULT 0,
    last_match_time  timestamptz,
    cost_ns          integer NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- Alerts by the hour in which they were made, for a few days.
CREATE TABLE rule_hour (
    rule_name     text        NOT NULL,
    hour          timestamptz NOT NULL,
    alerts        bigint      NOT NULL DEFAULT 0,
    shadow_alerts bigint      NOT NULL DEFAULT 0,
    PRIMARY KEY (rule_name, hour)
) WITH (fillfactor = 50);
CREATE INDEX rule_hour_by_time ON rule_hour (hour);
