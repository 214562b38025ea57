-- What of its instance an action holds: the name of its kind, as isolation holds the network and
-- containment the role; and, where a kind can act on several things of one instance, a digest of
-- which one. The default is for processes of the version before, which know one kind.
ALTER TABLE action ADD COLUMN subject text NOT NULL DEFAULT 'ISOLATE_INSTANCE';

DROP INDEX action_holds_instance;

-- Two actions on one subject would undo each other wrongly.
CREATE UNIQUE INDEX action_holds_instance
    ON action (aws_partition, account_id, region, instance_id, subject) WHERE holds_instance;
