-- What is known of plugins beyond their files. `occasion` tells one crash from another, so that what
-- is found twice counts once.
CREATE TABLE plugin_crash (
  plugin {text} NOT NULL,
  occasion {text} NOT NULL,
  shop {text} NOT NULL,
  at {bigint} NOT NULL,
  cause {text} NOT NULL,
  PRIMARY KEY (plugin, occasion)
) {table};

CREATE TABLE plugin_quarantine (
  plugin {text} NOT NULL PRIMARY KEY,
  since {bigint} NOT NULL,
  reason {text} NOT NULL
) {table};

-- The file that a plugin was last used from. The inode tells a file that was written over from one
-- that was renamed into its place.
CREATE TABLE plugin_file (
  plugin {text} NOT NULL PRIMARY KEY,
  path {text} NOT NULL,
  sha256 {text} NOT NULL,
  inode {bigint} NOT NULL,
  seen_at {bigint} NOT NULL
) {table};
