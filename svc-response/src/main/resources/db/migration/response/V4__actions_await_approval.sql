-- What waits for a second person expires as proposals do.
DROP INDEX action_proposed;
CREATE INDEX action_waiting ON action (due_at) WHERE state IN ('PROPOSED', 'AWAITING_APPROVAL');
