CREATE TABLE checkpoints (
    size INTEGER NOT NULL,
    note TEXT NOT NULL,
    CONSTRAINT pk_checkpoints PRIMARY KEY (size)
)
 STRICT

CREATE TABLE journal (
    seq INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    type TEXT NOT NULL,
    biz_day TEXT NOT NULL,
    wall INTEGER NOT NULL,
    entry BLOB NOT NULL,
    leaf BLOB NOT NULL,
    CONSTRAINT pk_journal PRIMARY KEY (seq),
    CONSTRAINT uq_journal_entry_id UNIQUE (entry_id)
)
 STRICT

CREATE INDEX ix_journal_biz_day ON journal (biz_day)

CREATE INDEX ix_journal_type ON journal (type)

CREATE TABLE log_shards (
    shard INTEGER NOT NULL,
    origin TEXT NOT NULL,
    CONSTRAINT pk_log_shards PRIMARY KEY (shard),
    CONSTRAINT uq_log_shards_origin UNIQUE (origin)
)
 STRICT

CREATE TABLE tree_nodes (
    level INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    hash BLOB NOT NULL,
    CONSTRAINT pk_tree_nodes PRIMARY KEY (level, idx)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE erasures (
    record_id TEXT NOT NULL,
    erased_on TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_erasures PRIMARY KEY (record_id),
    CONSTRAINT fk_erasures_entry_id FOREIGN KEY(entry_id) REFERENCES journal (entry_id) DEFERRABLE INITIALLY DEFERRED
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE public_keys (
    number INTEGER NOT NULL,
    use TEXT NOT NULL,
    public TEXT NOT NULL,
    month TEXT,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_public_keys PRIMARY KEY (number),
    CONSTRAINT fk_public_keys_entry_id FOREIGN KEY(entry_id) REFERENCES journal (entry_id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

CREATE TABLE venue_settings (
    version INTEGER NOT NULL,
    settings TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_venue_settings PRIMARY KEY (version),
    CONSTRAINT fk_venue_settings_entry_id FOREIGN KEY(entry_id) REFERENCES journal (entry_id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
