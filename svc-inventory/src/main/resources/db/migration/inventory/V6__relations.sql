-- Relations, followed from their other end ---------------------------------------------------------

-- A reference is the UUIDv5 of account, region ("global" for what has none), type, and the id, name
-- or ARN that a source gives: known before what it names is, and whatever happens to that. Where it
-- is made of an id of a region it is the asset's own id; the others of an asset are here.
CREATE TABLE asset_reference (
    reference uuid NOT NULL,
    asset_id  uuid NOT NULL,
    PRIMARY KEY (reference, asset_id)
);
CREATE INDEX asset_reference_by_asset ON asset_reference (asset_id);

-- Which active assets name a reference, by type. How they name it is in their descriptions.
CREATE TABLE asset_relation (
    reference  uuid NOT NULL,
    asset_type text NOT NULL,
    asset_id   uuid NOT NULL,
    PRIMARY KEY (reference, asset_type, asset_id)
);
CREATE INDEX asset_relation_by_asset ON asset_relation (asset_id);

-- False for what was written before there were such tables, until it is read again.
ALTER TABLE asset ADD COLUMN indexed boolean NOT NULL DEFAULT false;

-- An id of any account and region, by id.
CREATE INDEX asset_by_native_id_alone ON asset (native_id, id);
