-- Goods that come back. Each of a return's lines is linked to a line of its order where that can be
-- told; `order_line` is empty where it cannot.
CREATE TABLE buyer_return (
  key {bigint_key},
  shop {text} NOT NULL REFERENCES shop (id),
  id {text} NOT NULL,
  order_id {text} NOT NULL,
  marketplace {text} NOT NULL,
  state {text} NOT NULL,
  fulfilled_by {text} NOT NULL,
  begun_at {bigint} NOT NULL,
  changed_at {bigint},
  imported_at {bigint} NOT NULL,
  updated_at {bigint} NOT NULL,
  personal_until {bigint},
  content_hash {blob} NOT NULL,
  document {text} NOT NULL,
  personal {blob},
  UNIQUE (id, shop)
) {table};
CREATE INDEX buyer_return_by_shop ON buyer_return (shop, begun_at, id);
CREATE INDEX buyer_return_by_time ON buyer_return (begun_at, shop, id);
CREATE INDEX buyer_return_by_order ON buyer_return (shop, order_id);
CREATE INDEX buyer_return_to_purge ON buyer_return (personal_until) WHERE personal IS NOT NULL;

CREATE TABLE return_line (
  return_key {bigint} NOT NULL REFERENCES buyer_return (key) ON DELETE CASCADE,
  position {bigint} NOT NULL,
  link {text} NOT NULL,
  order_line {text} NOT NULL,
  PRIMARY KEY (return_key, position)
) {clustered};
CREATE INDEX return_line_waiting ON return_line (return_key) WHERE link = 'no_order';
