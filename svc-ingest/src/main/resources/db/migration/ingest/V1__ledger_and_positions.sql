-- Counts of closed hours, moved here from Redis. A count may close several times (late batches of a
-- long offline agent): each time is a generation, and an hour is the sum of its generations.
CREATE TABLE ledger_count (
    hour          bigint NOT NULL, -- since 1970 UTC
    agent_id      text   COLLATE "C" NOT NULL,
    generation    text   NOT NULL, -- {log incarnation}/{partition}/{number}
    version       bigint NOT NULL, -- counts only grow with it
    host_id       text   NOT NULL,
    aws_partition text   NOT NULL,
    account_id    text   NOT NULL,
    region        text   NOT NULL,
    stored        bigint NOT NULL,
    stored_bytes  bigint NOT NULL,
    batches       bigint NOT NULL,
    declared_lost bigint NOT NULL,
    PRIMARY KEY (hour, agent_id, generation)
);
CREATE INDEX ledger_count_agent ON ledger_count (agent_id, hour);
CREATE INDEX ledger_count_account ON ledger_count (account_id, region, hour, agent_id);

CREATE TABLE ledger_loss (
    hour       bigint NOT NULL,
    agent_id   text   COLLATE "C" NOT NULL,
    generation text   NOT NULL,
    reason     text   NOT NULL,
    events     bigint NOT NULL,
    PRIMARY KEY (hour, agent_id, generation, reason),
    FOREIGN KEY (hour, agent_id, generation) REFERENCES ledger_count
);

-- How far each consumer has come. Not in Redis: a full log refuses writes, and then consumers must
-- still say what may be deleted.
CREATE TABLE consumer_position (
    consumer      text        NOT NULL,
    log_partition int         NOT NULL,
    incarnation   text        NOT NULL,
    position      bigint      NOT NULL,
    replay_floor  bigint      NOT NULL,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, log_partition)
);
