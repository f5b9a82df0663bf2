-- Comparisons of a window of orders with what a second source of the marketplace knows. While one
-- is read every order of it has a row; of one that has ended only what was amiss stays.
CREATE TABLE order_audit (
  id {bigint_identity},
  shop {text} NOT NULL,
  asked_by {text} NOT NULL,
  asked_at {bigint} NOT NULL,
  window_by {bigint} NOT NULL,
  window_from {bigint} NOT NULL,
  window_until {bigint} NOT NULL,
  state {text} NOT NULL,
  started_at {bigint},
  ended_at {bigint},
  place {text} NOT NULL,
  known {bigint} NOT NULL,
  held {bigint} NOT NULL,
  missing {bigint} NOT NULL,
  stale {bigint} NOT NULL,
  later {bigint} NOT NULL,
  unsettled {bigint} NOT NULL,
  failing_since {bigint},
  message {text} NOT NULL,
  remedy {text} NOT NULL
) {table};
CREATE INDEX order_audit_by_shop ON order_audit (shop, id);
CREATE INDEX order_audit_open ON order_audit (shop, id) WHERE ended_at IS NULL;

CREATE TABLE order_audit_finding (
  run {bigint} NOT NULL,
  order_id {text} NOT NULL,
  problem {text} NOT NULL,
  marketplace {text} NOT NULL,
  marketplace_status {text} NOT NULL,
  placed_at {bigint},
  changed_at {bigint},
  outcome {text} NOT NULL,
  settled_at {bigint},
  message {text} NOT NULL,
  PRIMARY KEY (run, order_id)
) {clustered};
CREATE INDEX order_audit_finding_by_order ON order_audit_finding (order_id);
