-- What only one action may do at a time, such as changing the isolation group of a VPC. A row lives
-- while its action is inside; one that a dead process left is taken over when its time is over.
CREATE TABLE action_section (
    name       text        PRIMARY KEY,
    action_id  uuid        NOT NULL,
    held_until timestamptz NOT NULL
);

COMMENT ON COLUMN action.vpc_id IS
    'The lane: actions of one account and region with the same one run one after the other; empty for one that waits for no other. Named for what it was first.';
