-- Proof of every action: what each write of an action changed, as a chain. A record's hash covers its
-- number, the hash of the record before it and its own bytes: docs/decisions/0014.

CREATE TABLE evidence_head (
    -- There is one chain, and one row.
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    number   bigint  NOT NULL,
    hash     bytea   NOT NULL
-- One hot row: room on its page, so that updates stay on it.
) WITH (fillfactor = 10);

-- The hash before the first record is 32 zero bytes.
INSERT INTO evidence_head (number, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE TABLE evidence (
    -- Dense: whoever appends holds evidence_head's row until the commit.
    number        bigint      PRIMARY KEY CHECK (number > 0),
    previous_hash bytea       NOT NULL CHECK (octet_length(previous_hash) = 32),
    -- yagura.response.v1.EvidenceEntry as canonical JSON (RFC 8785), UTF-8; never made again from
    -- anything else.
    record        bytea       NOT NULL,
    hash          bytea       NOT NULL,
    -- To find records by; the record has them too, and only the record is proof.
    time          timestamptz NOT NULL,
    action_id     uuid        NOT NULL,
    account_id    text        NOT NULL,
    CONSTRAINT evidence_hash_fits CHECK (
        hash = sha256('yagura.evidence.v1\000'::bytea || int8send(number) || previous_hash || sha256(record)))
);

CREATE INDEX evidence_by_action ON evidence (action_id, number);

-- Append only. The head moves, but never goes away.
REVOKE UPDATE, DELETE, TRUNCATE ON evidence FROM "${runtime_role}";
REVOKE INSERT, DELETE, TRUNCATE ON evidence_head FROM "${runtime_role}";
