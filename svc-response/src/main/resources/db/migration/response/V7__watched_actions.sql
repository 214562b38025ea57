-- Actions in force that are looked at again, the one that waits longest first.
CREATE INDEX action_watched ON action (next_run_at) WHERE state = 'SUCCEEDED' AND holds_instance;
