-- What IAM and S3 say of an account as a whole -------------------------------------------------------

-- A row for each call, so that one that is refused leaves the others as they are.
CREATE TABLE account_fact (
    partition     text        NOT NULL,
    account_id    text        NOT NULL,
    -- The action that tells it, for example "iam:GetAccountSummary".
    action        text        NOT NULL,
    -- When the newest reading of it began, whatever came of it: an older one changes nothing.
    asked_time    timestamptz NOT NULL,
    -- Of which time the content is; null before the first.
    observed_time timestamptz,
    -- JSON.
    content       text        NOT NULL DEFAULT '',
    -- Why the newest reading told nothing new; empty when it did.
    failure       text        NOT NULL DEFAULT '',
    PRIMARY KEY (partition, account_id, action)
);

-- Of the newest credential report, whose time is that of iam:GetCredentialReport above.
CREATE TABLE account_user (
    -- UUIDv5 of account, type and name.
    id          uuid          PRIMARY KEY,
    partition   text          NOT NULL,
    account_id  text          NOT NULL,
    name        text          NOT NULL,
    password    boolean       NOT NULL,
    mfa         boolean       NOT NULL,
    -- When each key that is active was made.
    active_keys timestamptz[] NOT NULL
);
CREATE INDEX account_user_by_account ON account_user (account_id, partition, name);
