-- Who an agent is ---------------------------------------------------------------------------------

ALTER TABLE agent
    -- AWS signed that the host is instance_id.
    ADD COLUMN proven           boolean NOT NULL DEFAULT false,
    -- Its host is gone for good; revoke_time and revoke_reason say when and why.
    ADD COLUMN retired          boolean NOT NULL DEFAULT false,
    -- When it last reported with another boot id than before.
    ADD COLUMN boot_change_time timestamptz,
    -- Since when boot ids change faster than one host can start; heartbeats keep it.
    ADD COLUMN shared_key_since timestamptz,
    ADD CHECK (NOT retired OR revoke_time IS NOT NULL);

-- Whose host may be gone, and which retirements may have been a mistake. No column that heartbeats
-- write is in them.
CREATE INDEX agent_admitted ON agent (host_id, id) WHERE revoke_time IS NULL;
CREATE INDEX agent_retired ON agent (revoke_time) WHERE retired;
CREATE INDEX agent_by_host ON agent (host_id);
