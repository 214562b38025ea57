-- Asked for by a program. Those that started within the hour are counted against a limit.
ALTER TABLE action ADD COLUMN automated boolean NOT NULL DEFAULT false;
CREATE INDEX action_automated ON action (account_id, created_at) WHERE automated;
