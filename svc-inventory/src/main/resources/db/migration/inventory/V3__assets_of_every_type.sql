-- Each type of a scope is read by itself; until now all were instances.
ALTER TABLE scope_reading ADD COLUMN resource_type text NOT NULL DEFAULT 'AWS::EC2::Instance';
ALTER TABLE scope_reading ALTER COLUMN resource_type DROP DEFAULT;
ALTER TABLE scope_reading DROP CONSTRAINT scope_reading_pkey;
ALTER TABLE scope_reading ADD PRIMARY KEY (partition, account_id, region, resource_type);

-- Since when every reading found that AWS Config records the type; null when the last did not.
ALTER TABLE scope_reading ADD COLUMN recorded_since timestamptz;
-- Why AWS Config records nothing of it; empty when it does.
ALTER TABLE scope_reading ADD COLUMN not_recorded text NOT NULL DEFAULT '';

-- JSON as AWS Config keeps it; apart from the description, for lists do not read it.
ALTER TABLE asset ADD COLUMN configuration text NOT NULL DEFAULT '';
-- Lists of one type, by id.
CREATE INDEX asset_by_type ON asset (resource_type, id);
