-- Runs of playbooks can be watched.
INSERT INTO feed_head (feed) VALUES ('playbookRuns');
