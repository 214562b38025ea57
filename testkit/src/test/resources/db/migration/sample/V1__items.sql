-- Change feed: copy into a migration of a service whose resources can be watched, and name the feeds.
--
-- The last statement of each transaction that changes a watched resource takes the next number from
-- feed_head and keeps its row locked until the commit: numbers are dense and in commit order.
-- A watcher asks for what is above its number and can miss nothing.

CREATE TABLE feed_head (
    feed        text   PRIMARY KEY,
    -- Another value makes every cursor expire. Set a new one after a restore from a backup:
    -- UPDATE feed_head SET incarnation = gen_random_uuid();
    incarnation uuid   NOT NULL DEFAULT gen_random_uuid(),
    head        bigint NOT NULL DEFAULT 0
-- One hot row a feed: room on its page, so that updates stay on it.
) WITH (fillfactor = 10);

CREATE TABLE feed_change (
    feed       text        NOT NULL,
    number     bigint      NOT NULL,
    -- Id of what changed; the reader loads its newest state.
    key        uuid        NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (feed, number)
);

INSERT INTO feed_head (feed) VALUES ('items'), ('things');

CREATE TABLE item (
    id         uuid        PRIMARY KEY,
    parent     uuid,
    name       text        NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    closed_at  timestamptz,
    seen_at    bigint      NOT NULL
);

CREATE TABLE item_history (
    id   uuid NOT NULL,
    note text NOT NULL
);
REVOKE UPDATE, DELETE ON item_history FROM "${runtime_role}";

-- The server ends the connection in the middle of the commit of an item with this name.
CREATE FUNCTION end_connection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_terminate_backend(pg_backend_pid());
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER lost_at_commit AFTER INSERT ON item DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.name = 'lost at commit') EXECUTE FUNCTION end_connection();
