-- What postures were ------------------------------------------------------------------------------

-- One row for each time that a posture became another one; when it was last seen unchanged is said
-- by the rounds.
CREATE TABLE posture_version (
    -- "assets/{uuid}" or "accounts/{id}"
    subject     text        NOT NULL,
    valid_from  timestamptz NOT NULL,
    -- When the next one began; null for the newest.
    valid_until timestamptz,
    -- yagura.inventory.v1.Posture
    posture     bytea       NOT NULL,
    PRIMARY KEY (subject, valid_from),
    CHECK (valid_from < valid_until)
);
CREATE UNIQUE INDEX posture_version_newest ON posture_version (subject)
    WHERE valid_until IS NULL;
-- What is to be deleted.
CREATE INDEX posture_version_by_end ON posture_version (valid_until)
    WHERE valid_until IS NOT NULL;

-- Each round judges every host once, page by page; its row is locked while a page is judged.
CREATE TABLE posture_round (
    begin_time timestamptz PRIMARY KEY,
    -- Null while it goes on.
    end_time   timestamptz,
    -- The last asset that was judged; null before the first page.
    after_id   uuid
);
CREATE UNIQUE INDEX posture_round_open ON posture_round ((end_time IS NULL))
    WHERE end_time IS NULL;
CREATE INDEX posture_round_by_end ON posture_round (end_time);
