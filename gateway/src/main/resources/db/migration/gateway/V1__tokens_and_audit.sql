-- Tokens and audit belong to the installation, not to an AWS account: what a token may see is in
-- account_ids, so no row here has a scope of its own.

CREATE TABLE token (
    id            uuid        PRIMARY KEY,
    -- SHA-256 of the secret; the secret itself (256 random bits) is nowhere.
    secret_sha256 bytea       NOT NULL CHECK (octet_length(secret_sha256) = 32),
    display_name  text        NOT NULL,
    role          text        NOT NULL CHECK (role IN ('VIEWER', 'ANALYST', 'RESPONDER', 'ADMIN')),
    -- Twelve digits each, separated by commas; empty means every account.
    account_ids   text        NOT NULL CHECK (account_ids ~ '^([0-9]{12}(,[0-9]{12})*)?$'),
    -- Made at start for the bootstrap file.
    bootstrap     boolean     NOT NULL,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    revoked_at    timestamptz
);

-- Revocations, told to every gateway.
CREATE TABLE feed_head (
    feed        text   PRIMARY KEY,
    incarnation uuid   NOT NULL DEFAULT gen_random_uuid(),
    head        bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);

CREATE TABLE feed_change (
    feed       text        NOT NULL,
    number     bigint      NOT NULL,
    key        uuid        NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (feed, number)
);

INSERT INTO feed_head (feed) VALUES ('tokens');

CREATE TABLE audit_entry (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The same for the begin and the end of a call.
    call_id        uuid        NOT NULL,
    -- BEGAN: a change or a stream was let in. ENDED: it is over. REFUSED: it was not let in.
    -- LOST: entries of streams that could not be written.
    event          text        NOT NULL CHECK (event IN ('BEGAN', 'ENDED', 'REFUSED', 'LOST')),
    method         text        NOT NULL,
    principal_kind text        NOT NULL,
    principal_id   text        NOT NULL,
    principal_name text        NOT NULL,
    role           text        NOT NULL,
    peer           text        NOT NULL,
    -- gRPC code and reason; empty when it began.
    status         text        NOT NULL,
    reason         text        NOT NULL,
    occurred_at    timestamptz NOT NULL,
    duration_us    bigint      NOT NULL,
    -- How many this row stands for: more than one only for refusals by a limit, and losses.
    calls          bigint      NOT NULL CHECK (calls > 0)
);

CREATE INDEX audit_entry_principal ON audit_entry (principal_id, occurred_at);
CREATE INDEX audit_entry_time ON audit_entry (occurred_at);

-- Only grows: who runs the gateway cannot rewrite what happened.
REVOKE UPDATE, DELETE ON audit_entry FROM "${runtime_role}";
