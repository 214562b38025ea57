-- Lists of indicators. Of the whole installation, like rules, so there is no account or region.
CREATE TABLE indicator_list (
    id              text        PRIMARY KEY,
    -- Another one when the list was deleted and made again.
    uid             uuid        NOT NULL,
    title           text        NOT NULL,
    format          integer     NOT NULL,
    -- Counts imports.
    version         bigint      NOT NULL,
    -- Counts every change, revocations too: what replicas compare.
    revision        bigint      NOT NULL,
    indicator_count bigint      NOT NULL,
    content_sha256  text        NOT NULL,
    importer        text        NOT NULL,
    create_time     timestamptz NOT NULL,
    import_time     timestamptz NOT NULL
);

CREATE TABLE indicator (
    list_id           text        NOT NULL,
    -- UUIDv5 of list, kind, value and source id.
    id                uuid        NOT NULL,
    -- UUIDv5 of kind and value: values are too long for an index.
    lookup_id         uuid        NOT NULL,
    kind              integer     NOT NULL,
    value             text        NOT NULL,
    source_id         text        NOT NULL,
    valid_from        timestamptz,
    valid_until       timestamptz,
    revoked_by_source boolean     NOT NULL,
    confidence        integer     NOT NULL,
    severity          integer     NOT NULL,
    -- One a line.
    labels            text        NOT NULL,
    description       text        NOT NULL,
    -- Version of the list that added or last changed it.
    list_version      bigint      NOT NULL,
    first_import_time timestamptz NOT NULL,
    import_time       timestamptz NOT NULL,
    PRIMARY KEY (list_id, id)
);
CREATE INDEX indicator_by_lookup ON indicator (lookup_id);
CREATE INDEX indicator_by_version ON indicator (list_id, list_version);

-- Said by people; outlives imports, ends with the list.
CREATE TABLE indicator_revocation (
    list_id      text        NOT NULL REFERENCES indicator_list (id) ON DELETE CASCADE,
    indicator_id uuid        NOT NULL,
    reason       text        NOT NULL,
    author       text        NOT NULL,
    create_time  timestamptz NOT NULL,
    PRIMARY KEY (list_id, indicator_id)
);

-- Rows of imports that run; gone when they end, and with the server.
CREATE UNLOGGED TABLE indicator_staging (
    import_id         uuid    NOT NULL,
    position          bigint  NOT NULL,
    id                uuid    NOT NULL,
    lookup_id         uuid    NOT NULL,
    kind              integer NOT NULL,
    value             text    NOT NULL,
    source_id         text    NOT NULL,
    valid_from        timestamptz,
    valid_until       timestamptz,
    revoked_by_source boolean NOT NULL,
    confidence        integer NOT NULL,
    severity          integer NOT NULL,
    labels            text    NOT NULL,
    description       text    NOT NULL,
    modified          timestamptz,
    PRIMARY KEY (import_id, position)
);

-- Answered changes, so that a repeated request does nothing twice.
CREATE TABLE indicator_request (
    request_id  uuid        PRIMARY KEY,
    -- SHA-256 of what was asked.
    fingerprint text        NOT NULL,
    answer      bytea       NOT NULL,
    create_time timestamptz NOT NULL
);
CREATE INDEX indicator_request_by_time ON indicator_request (create_time);

-- Matches of indicators that are in alerts: a retro-match and live detection may both find one.
-- Kept as long as the log keeps the event.
CREATE TABLE indicator_match (
    match_id     uuid        PRIMARY KEY,
    partition_id integer     NOT NULL,
    incarnation  text        NOT NULL,
    log_offset   bigint      NOT NULL,
    create_time  timestamptz NOT NULL
);
CREATE INDEX indicator_match_by_place ON indicator_match (partition_id, log_offset);
