-- A program uses the token, and nobody looks before it acts.
ALTER TABLE token ADD COLUMN automation boolean NOT NULL DEFAULT false;
