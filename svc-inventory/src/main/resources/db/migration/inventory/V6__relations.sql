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

-- What lists are filtered by ------------------------------------------------------------------------

CREATE TABLE asset_tag (
    asset_id uuid NOT NULL,
    key      text NOT NULL,
    value    text NOT NULL,
    PRIMARY KEY (asset_id, key)
);

-- Of the description.
ALTER TABLE asset ADD COLUMN vpc_id      text NOT NULL DEFAULT '';
ALTER TABLE asset ADD COLUMN subnet_id   text NOT NULL DEFAULT '';
ALTER TABLE asset ADD COLUMN owner       text NOT NULL DEFAULT '';
ALTER TABLE asset ADD COLUMN environment text NOT NULL DEFAULT '';
ALTER TABLE asset ADD COLUMN criticality text NOT NULL DEFAULT '';
-- False for what was written before there were these columns and tables, until it is read again.
ALTER TABLE asset ADD COLUMN indexed     boolean NOT NULL DEFAULT false;

-- A page goes on in the order of ids: each of these has the ids of one value in that order, so that
-- nothing is sorted and nothing but that value is looked at.
CREATE INDEX asset_tag_by_value ON asset_tag (key, value, asset_id);
CREATE INDEX asset_by_native_id_alone ON asset (native_id, id);
CREATE INDEX asset_by_account_alone ON asset (account_id, id);
CREATE INDEX asset_by_vpc ON asset (vpc_id, id) WHERE vpc_id <> '';
CREATE INDEX asset_by_subnet ON asset (subnet_id, id) WHERE subnet_id <> '';
CREATE INDEX asset_by_owner ON asset (owner, id) WHERE owner <> '';
CREATE INDEX asset_by_environment ON asset (environment, id) WHERE environment <> '';
CREATE INDEX asset_by_instance_state ON asset (instance_state, id) WHERE instance_state <> '';
-- Those that should be protected.
CREATE INDEX asset_hosts ON asset (id)
    WHERE state = 'ACTIVE' AND resource_type IN ('AWS::EC2::Instance', 'Yagura::Host');
CREATE INDEX asset_hosts_by_account ON asset (account_id, id)
    WHERE state = 'ACTIVE' AND resource_type IN ('AWS::EC2::Instance', 'Yagura::Host');
