-- Accounts that Organizations listed; none is deleted.
CREATE TABLE organization_account (
    partition  text        NOT NULL,
    account_id text        NOT NULL,
    name       text        NOT NULL,
    -- Organizations' word, for example "ACTIVE" or "SUSPENDED"; "LEFT" when a complete list lacked it.
    state      text        NOT NULL,
    -- When it was first listed so.
    state_time timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (partition, account_id)
);

-- Why the set is read no more; empty while it is.
ALTER TABLE scope_reading ADD COLUMN not_read text NOT NULL DEFAULT '';
