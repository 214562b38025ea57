-- What GuardDuty says about an account and region ---------------------------------------------------

CREATE TABLE detector_reading (
    partition     text        NOT NULL,
    account_id    text        NOT NULL,
    region        text        NOT NULL,
    -- When the last complete reading began; null before the first.
    observed_time timestamptz,
    -- "ENABLED", "DISABLED", or "NONE" where there is no detector; empty before the first reading.
    status        text        NOT NULL DEFAULT '',
    -- What is on: names of features, and "FEATURE/CONFIGURATION" of what is configured beside one.
    features      text[]      NOT NULL DEFAULT '{}',
    -- When the first complete reading of those without a pause began that found it off; null while on.
    off_since     timestamptz,
    -- Of the last reading; empty when it was complete.
    failure       text        NOT NULL DEFAULT '',
    PRIMARY KEY (partition, account_id, region)
);
