-- The incident-response plan: a row for each version, never changed. The newest counts.
CREATE TABLE response_plan_version (
    version    integer     PRIMARY KEY CHECK (version > 0),
    created_at timestamptz NOT NULL,
    -- yagura.response.v1.ResponsePlan
    body       bytea       NOT NULL
);

REVOKE UPDATE, DELETE ON response_plan_version FROM "${runtime_role}";

CREATE TABLE response_plan_drill (
    -- UUIDv7: newer ids sort after older ones.
    id             uuid        PRIMARY KEY,
    request_id     uuid        NOT NULL UNIQUE,
    content_digest text        NOT NULL,
    took_place_at  timestamptz NOT NULL,
    -- yagura.response.v1.Drill
    body           bytea       NOT NULL
);

CREATE INDEX response_plan_drill_by_time ON response_plan_drill (took_place_at);

-- That the plan was practised is evidence.
REVOKE UPDATE, DELETE ON response_plan_drill FROM "${runtime_role}";
