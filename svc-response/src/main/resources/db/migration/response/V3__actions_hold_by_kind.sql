-- Actions of different kinds touch different things of an instance: its network, the role behind it.
-- Each kind holds it once. The default is for processes of the version before, which know one kind.
ALTER TABLE action ADD COLUMN kind text NOT NULL DEFAULT 'ISOLATE_INSTANCE';

DROP INDEX action_holds_instance;

-- Two actions of one kind on one instance would undo each other wrongly.
CREATE UNIQUE INDEX action_holds_instance
    ON action (aws_partition, account_id, region, instance_id, kind) WHERE holds_instance;
