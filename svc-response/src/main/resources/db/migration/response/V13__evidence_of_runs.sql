-- Records of runs of playbooks stand in the same chain as those of actions: each record is of one of them.
ALTER TABLE evidence ALTER COLUMN action_id DROP NOT NULL;
ALTER TABLE evidence ADD COLUMN run_id uuid;
ALTER TABLE evidence ADD CONSTRAINT evidence_of_one CHECK (num_nonnulls(action_id, run_id) = 1);

CREATE INDEX evidence_by_run ON evidence (run_id, number) WHERE run_id IS NOT NULL;
