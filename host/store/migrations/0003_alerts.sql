-- What a person should know of: one open alert per shop, kind, item and code. An alert that ended
-- stays for a while, with the time when it was over.
CREATE TABLE alert (
  id {bigint_identity},
  shop {text} NOT NULL,
  kind {text} NOT NULL,
  item_id {text} NOT NULL,
  code {text} NOT NULL,
  message {text} NOT NULL,
  remedy {text} NOT NULL,
  due_at {bigint},
  ends_at {bigint},
  raised_at {bigint} NOT NULL,
  cleared_at {bigint}
) {table};
CREATE UNIQUE INDEX alert_open ON alert (shop, kind, item_id, code) WHERE cleared_at IS NULL;
CREATE INDEX alert_cleared ON alert (cleared_at) WHERE cleared_at IS NOT NULL;
