-- Playbooks: a row for each version, never changed. The newest that is not deleted counts.
CREATE TABLE playbook_version (
    -- "{id}/{version}"
    name       text        PRIMARY KEY,
    playbook   text        NOT NULL,
    version    integer     NOT NULL CHECK (version > 0),
    -- Of the newest version, when the playbook was taken off the list.
    deleted    boolean     NOT NULL DEFAULT false,
    -- Runs start by themselves.
    automatic  boolean     NOT NULL,
    created_at timestamptz NOT NULL,
    -- yagura.response.v1.Playbook
    body       bytea       NOT NULL,
    UNIQUE (playbook, version)
);

CREATE INDEX playbook_version_automatic ON playbook_version (playbook) WHERE automatic;

-- What was run must stay readable.
REVOKE DELETE ON playbook_version FROM "${runtime_role}";

CREATE TABLE playbook_run (
    -- UUIDv7: newer ids sort after older ones.
    id             uuid        PRIMARY KEY,
    playbook       text        NOT NULL,
    incident       uuid        NOT NULL,
    account_id     text        NOT NULL,
    state          text        NOT NULL,
    request_id     uuid        NOT NULL UNIQUE,
    content_digest text        NOT NULL,
    next_run_at    timestamptz NOT NULL,
    -- Fencing, as for actions: whoever lets it go on writes only with the epoch that it was given.
    lease_epoch    bigint      NOT NULL,
    lease_until    timestamptz NOT NULL,
    created_at     timestamptz NOT NULL,
    -- yagura.response.v1.PlaybookRun
    body           bytea       NOT NULL
);

-- Two runs of one playbook for one incident would do the same things twice.
CREATE UNIQUE INDEX playbook_run_running ON playbook_run (playbook, incident)
    WHERE state IN ('RUNNING', 'CANCELLING');
CREATE INDEX playbook_run_due ON playbook_run (next_run_at) WHERE state IN ('RUNNING', 'CANCELLING');
CREATE INDEX playbook_run_by_incident ON playbook_run (incident, id);

REVOKE DELETE ON playbook_run FROM "${runtime_role}";
