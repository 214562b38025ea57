-- The operating system as Systems Manager names it; empty where it does not, or was not asked yet.
ALTER TABLE managed_node ADD COLUMN platform_name text NOT NULL DEFAULT '';
ALTER TABLE managed_node ADD COLUMN platform_version text NOT NULL DEFAULT '';
