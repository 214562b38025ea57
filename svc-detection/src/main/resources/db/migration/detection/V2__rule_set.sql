-- Numbers of rule sets: one for each content that was ever in force. Of the whole
-- installation, like the rules themselves, so there is no account or region.
CREATE TABLE rule_set (
    version      bigint PRIMARY KEY CHECK (version > 0),
    -- SHA-256 over all rules, hexadecimal.
    content_hash text        NOT NULL UNIQUE,
    create_time  timestamptz NOT NULL
);
