-- For filters. Null in incidents that have not changed since there is this column: their
-- priority is in their body only, and a filter shows rather than hides them.
ALTER TABLE incident ADD COLUMN priority integer;
