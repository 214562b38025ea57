-- The command channels of agents: a row for each agent whose stream is open, or was lost with its
-- replica. Live is what has beaten lately by this database's clock.
CREATE TABLE agent_channel (
    agent_id        uuid        PRIMARY KEY,
    -- A newer stream takes the row over; an older one writes no more.
    stream_id       uuid        NOT NULL,
    -- The process that has the stream, and so delivers.
    replica_id      uuid        NOT NULL,
    -- Asset id, from the agent's certificate by the gateway.
    host_id         uuid        NOT NULL,
    version         text        NOT NULL,
    boot_id         text        NOT NULL,
    root            boolean     NOT NULL,
    -- As the host sees it; empty before the first beat.
    gateway_address text        NOT NULL,
    -- A line for each document: name and SHA-256.
    documents       text        NOT NULL,
    opened_at       timestamptz NOT NULL,
    beat_at         timestamptz NOT NULL
);

CREATE INDEX agent_channel_by_host ON agent_channel (host_id);

-- Commands to agents, one for each run of a document.
CREATE TABLE agent_command (
    -- "{action uuid}.apply", as on the host.
    run_id     text        PRIMARY KEY,
    agent_id   uuid        NOT NULL,
    state      text        NOT NULL CHECK (state IN ('QUEUED', 'TAKEN', 'ENDED', 'WITHDRAWN')),
    -- As it is signed and sent; empty when it is not sent any more: it may hold what is secret for
    -- minutes.
    command    bytea,
    -- The agent's; also one that came after it was withdrawn.
    result     bytea,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    taken_at   timestamptz,
    ended_at   timestamptz
);

CREATE INDEX agent_command_queued ON agent_command (agent_id, created_at) WHERE state = 'QUEUED';
CREATE INDEX agent_command_created ON agent_command (created_at);
