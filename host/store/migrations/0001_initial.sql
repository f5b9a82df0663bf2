-- Version 1. One text for every engine: words in braces are put in by the backend ({text}, {bigint},
-- {double}, {blob}, {bigint_identity}, {bigint_key}, {table}, {clustered}). Times are UTC milliseconds.
-- Columns named personal, raw, data, value_sealed, wrapped … that are blobs hold sealed bytes only.

CREATE TABLE meta (
  name {text} NOT NULL PRIMARY KEY,
  value {text} NOT NULL
) {table};

CREATE TABLE shop (
  id {text} NOT NULL PRIMARY KEY,
  source {text} NOT NULL,
  revision {bigint} NOT NULL,
  enabled {bigint} NOT NULL,
  document {text} NOT NULL,
  state {text} NOT NULL,
  state_reason {text} NOT NULL,
  updated_at {bigint} NOT NULL
) {table};

-- Who may write a shop. Apart from `shop`, because every data transaction rewrites this row.
CREATE TABLE shop_owner (
  shop {text} NOT NULL PRIMARY KEY REFERENCES shop (id),
  node {text},
  node_epoch {bigint},
  fence {bigint} NOT NULL,
  transactions {bigint} NOT NULL,
  last_event {bigint} NOT NULL
) {table};
CREATE INDEX shop_owner_by_node ON shop_owner (node);

CREATE TABLE node (
  id {text} NOT NULL PRIMARY KEY,
  epoch {bigint} NOT NULL,
  expires_at {bigint} NOT NULL
) {table};

CREATE TABLE data_key (
  id {bigint_identity},
  shop {text} NOT NULL,
  wrapped {blob} NOT NULL,
  created_at {bigint} NOT NULL
) {table};
CREATE INDEX data_key_by_shop ON data_key (shop, id);

-- The large columns come last: the small ones are read without them.
CREATE TABLE orders (
  key {bigint_key},
  shop {text} NOT NULL REFERENCES shop (id),
  id {text} NOT NULL,
  marketplace {text} NOT NULL,
  state {text} NOT NULL,
  status {text} NOT NULL,
  marketplace_status {text} NOT NULL,
  fulfilled_by {text} NOT NULL,
  priority {bigint} NOT NULL,
  personal_data {text} NOT NULL,
  placed_at {bigint} NOT NULL,
  changed_at {bigint} NOT NULL,
  imported_at {bigint} NOT NULL,
  updated_at {bigint} NOT NULL,
  personal_until {bigint},
  content_hash {blob} NOT NULL,
  document {text} NOT NULL,
  personal {blob},
  raw {blob},
  UNIQUE (id, shop)
) {table};
CREATE INDEX orders_by_shop ON orders (shop, placed_at, id, marketplace, status, state);
CREATE INDEX orders_by_status ON orders (shop, status, placed_at, id);
CREATE INDEX orders_by_time ON orders (placed_at, shop, id);
CREATE INDEX orders_to_purge ON orders (personal_until)
  WHERE personal IS NOT NULL OR raw IS NOT NULL;

CREATE TABLE order_line (
  order_key {bigint} NOT NULL REFERENCES orders (key) ON DELETE CASCADE,
  position {bigint} NOT NULL,
  id {text} NOT NULL,
  sku {text} NOT NULL,
  product_id {text} NOT NULL,
  quantity {bigint} NOT NULL,
  PRIMARY KEY (order_key, position)
) {clustered};

CREATE TABLE event (
  shop {text} NOT NULL,
  seq {bigint} NOT NULL,
  type {text} NOT NULL,
  object {text} NOT NULL,
  at {bigint} NOT NULL,
  data {text} NOT NULL,
  PRIMARY KEY (shop, seq)
) {clustered};

CREATE TABLE sync_cursor (
  shop {text} NOT NULL,
  capability {text} NOT NULL,
  value {text} NOT NULL,
  PRIMARY KEY (shop, capability)
) {clustered};

CREATE TABLE plugin_state (
  shop {text} NOT NULL,
  name {text} NOT NULL,
  value {text} NOT NULL,
  PRIMARY KEY (shop, name)
) {clustered};

CREATE TABLE in_flight (
  shop {text} NOT NULL,
  capability {text} NOT NULL,
  plugin {text} NOT NULL,
  started_at {bigint} NOT NULL,
  node {text} NOT NULL,
  PRIMARY KEY (shop, capability)
) {clustered};

CREATE TABLE job (
  shop {text} NOT NULL,
  kind {text} NOT NULL,
  state {text} NOT NULL,
  due_at {bigint} NOT NULL,
  failures {bigint} NOT NULL,
  last_started {bigint},
  last_succeeded {bigint},
  complete_until {bigint},
  last_code {text} NOT NULL,
  last_message {text} NOT NULL,
  last_remedy {text} NOT NULL,
  PRIMARY KEY (shop, kind)
) {clustered};

-- item_key is the marketplace's id, or a keyed hash of the document where not even that was read.
CREATE TABLE parked (
  id {bigint_identity},
  shop {text} NOT NULL,
  kind {text} NOT NULL,
  item_key {text} NOT NULL,
  item_id {text} NOT NULL,
  code {text} NOT NULL,
  pointer {text} NOT NULL,
  message {text} NOT NULL,
  remedy {text} NOT NULL,
  changed_at {bigint},
  tries {bigint} NOT NULL,
  first_at {bigint} NOT NULL,
  last_at {bigint} NOT NULL,
  state {text} NOT NULL,
  personal_until {bigint},
  raw {blob}
) {table};
CREATE INDEX parked_by_personal ON parked (personal_until) WHERE raw IS NOT NULL;
CREATE UNIQUE INDEX parked_open ON parked (shop, kind, item_key) WHERE state = 'open';
CREATE INDEX parked_by_shop ON parked (shop, id);

CREATE TABLE document (
  handle {text} NOT NULL PRIMARY KEY,
  shop {text} NOT NULL,
  content_type {text} NOT NULL,
  size {bigint} NOT NULL,
  expires_at {bigint} NOT NULL,
  finished {bigint} NOT NULL
) {table};
CREATE INDEX document_by_expiry ON document (expires_at);

CREATE TABLE document_chunk (
  handle {text} NOT NULL REFERENCES document (handle) ON DELETE CASCADE,
  number {bigint} NOT NULL,
  data {blob} NOT NULL,
  PRIMARY KEY (handle, number)
) {table};

CREATE TABLE secret (
  shop {text} NOT NULL,
  name {text} NOT NULL,
  value_sealed {blob} NOT NULL,
  fingerprint_sealed {blob} NOT NULL,
  updated_at {bigint} NOT NULL,
  PRIMARY KEY (shop, name)
) {table};

CREATE TABLE quota_level (
  account {text} NOT NULL,
  operation {text} NOT NULL,
  tokens {double} NOT NULL,
  observed_rate {double} NOT NULL,
  at {bigint} NOT NULL,
  cool_until {bigint},
  PRIMARY KEY (account, operation)
) {clustered};

CREATE TABLE audit (
  seq {bigint} NOT NULL PRIMARY KEY,
  at {bigint} NOT NULL,
  who {text} NOT NULL,
  action {text} NOT NULL,
  shop {text} NOT NULL,
  object {text} NOT NULL,
  detail {text} NOT NULL,
  hash {blob} NOT NULL
) {table};
CREATE INDEX audit_by_shop ON audit (shop, seq);

-- One row: the end of the chain. Its lock orders the writers, and it shows entries cut off the end.
CREATE TABLE audit_head (
  id {bigint} NOT NULL PRIMARY KEY,
  seq {bigint} NOT NULL,
  hash {blob} NOT NULL
) {table};
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, {empty_blob});
