CREATE TABLE account_balances (
    account TEXT NOT NULL,
    balance_fen INTEGER NOT NULL,
    CONSTRAINT pk_account_balances PRIMARY KEY (account),
    CONSTRAINT ck_account_balances_deposits CHECK (account <> 'deposits' OR balance_fen <= 0)
)
 WITHOUT ROWID,
 STRICT

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

CREATE TABLE entry_marks (
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_entry_marks PRIMARY KEY (entry_id),
    CONSTRAINT fk_entry_marks_entry_id FOREIGN KEY(entry_id) REFERENCES journal (entry_id) DEFERRABLE INITIALLY DEFERRED
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE erasures (
    record_id TEXT NOT NULL,
    erased_on TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_erasures PRIMARY KEY (record_id),
    CONSTRAINT fk_erasures_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE id_checks (
    check_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    method TEXT NOT NULL CONSTRAINT ck_id_checks_method CHECK (method IN ('machine', 'typed')),
    verdict TEXT NOT NULL CONSTRAINT ck_id_checks_verdict CHECK (verdict = 'adult'),
    checked_at INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_id_checks PRIMARY KEY (check_id),
    CONSTRAINT uq_id_checks_check_id_verdict UNIQUE (check_id, verdict),
    CONSTRAINT fk_id_checks_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE outages (
    number INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_outages PRIMARY KEY (number),
    CONSTRAINT fk_outages_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 STRICT

CREATE TABLE price_lists (
    number INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    effective INTEGER NOT NULL,
    canonical TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_price_lists PRIMARY KEY (number),
    CONSTRAINT uq_price_lists_effective UNIQUE (effective),
    CONSTRAINT fk_price_lists_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 STRICT

CREATE TABLE print_jobs (
    job_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    ref TEXT NOT NULL,
    copy_no INTEGER NOT NULL CONSTRAINT ck_print_jobs_copy_no CHECK (copy_no >= 1),
    original TEXT,
    operator TEXT NOT NULL,
    queued_at INTEGER NOT NULL,
    document TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_print_jobs PRIMARY KEY (job_id),
    CONSTRAINT ck_print_jobs_original CHECK ((copy_no = 1) = (original IS NULL)),
    CONSTRAINT uq_print_jobs_original_copy_no UNIQUE (original, copy_no),
    CONSTRAINT fk_print_jobs_original FOREIGN KEY(original) REFERENCES print_jobs (job_id),
    CONSTRAINT fk_print_jobs_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE INDEX ix_print_jobs_ref ON print_jobs (ref)

CREATE TABLE public_keys (
    number INTEGER NOT NULL,
    use TEXT NOT NULL,
    public TEXT NOT NULL,
    month TEXT,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_public_keys PRIMARY KEY (number),
    CONSTRAINT fk_public_keys_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 STRICT

CREATE TABLE shifts (
    number INTEGER NOT NULL,
    till TEXT NOT NULL,
    float_fen INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_shifts PRIMARY KEY (number),
    CONSTRAINT ck_shifts_float CHECK (float_fen >= 0),
    CONSTRAINT fk_shifts_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 STRICT

CREATE TABLE staff_members (
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CONSTRAINT ck_staff_members_role CHECK (role IN ('cashier', 'manager', 'owner', 'auditor')),
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_staff_members PRIMARY KEY (number),
    CONSTRAINT uq_staff_members_name UNIQUE (name),
    CONSTRAINT fk_staff_members_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 STRICT

CREATE TABLE venue_settings (
    version INTEGER NOT NULL,
    settings TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_venue_settings PRIMARY KEY (version),
    CONSTRAINT fk_venue_settings_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 STRICT

CREATE TABLE open_shifts (
    till TEXT NOT NULL,
    shift INTEGER NOT NULL,
    CONSTRAINT pk_open_shifts PRIMARY KEY (till),
    CONSTRAINT uq_open_shifts_shift UNIQUE (shift),
    CONSTRAINT fk_open_shifts_shift FOREIGN KEY(shift) REFERENCES shifts (number)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE outage_ends (
    number INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_outage_ends PRIMARY KEY (number),
    CONSTRAINT fk_outage_ends_number FOREIGN KEY(number) REFERENCES outages (number),
    CONSTRAINT fk_outage_ends_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 STRICT

CREATE TABLE postings (
    entry_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    shift INTEGER NOT NULL,
    account TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    CONSTRAINT pk_postings PRIMARY KEY (entry_id, line),
    CONSTRAINT ck_postings_amount CHECK (amount_fen <> 0),
    CONSTRAINT fk_postings_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id),
    CONSTRAINT fk_postings_shift FOREIGN KEY(shift) REFERENCES shifts (number)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE price_items (
    list INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    unit_fen INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_price_items PRIMARY KEY (list, kind, code),
    CONSTRAINT ck_price_items_kind CHECK (kind IN ('goods', 'service', 'package')),
    CONSTRAINT ck_price_items_unit CHECK (unit_fen >= 0),
    CONSTRAINT fk_price_items_list FOREIGN KEY(list) REFERENCES price_lists (number),
    CONSTRAINT fk_price_items_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE print_attempts (
    job_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    state TEXT NOT NULL CONSTRAINT ck_print_attempts_state CHECK (state IN ('queued', 'sending', 'sent', 'confirmed', 'uncertain', 'failed', 'cancelled')),
    attempts INTEGER NOT NULL,
    is_again INTEGER NOT NULL CONSTRAINT ck_print_attempts_is_again CHECK (is_again IN (0, 1)),
    cause TEXT,
    sent_at INTEGER,
    confirmed_at INTEGER,
    CONSTRAINT pk_print_attempts PRIMARY KEY (job_id),
    CONSTRAINT fk_print_attempts_job_id FOREIGN KEY(job_id) REFERENCES print_jobs (job_id),
    CONSTRAINT uq_print_attempts_position UNIQUE (position)
)
 WITHOUT ROWID,
 STRICT

CREATE INDEX ix_print_attempts_state_position ON print_attempts (state, position)

CREATE TABLE receipts (
    number INTEGER NOT NULL,
    shift INTEGER NOT NULL,
    job_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_receipts PRIMARY KEY (number),
    CONSTRAINT fk_receipts_shift FOREIGN KEY(shift) REFERENCES shifts (number),
    CONSTRAINT uq_receipts_job_id UNIQUE (job_id),
    CONSTRAINT fk_receipts_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 STRICT

CREATE INDEX ix_receipts_shift ON receipts (shift)

CREATE TABLE registration_boxes (
    record_id TEXT NOT NULL,
    field TEXT NOT NULL,
    box BLOB NOT NULL,
    erasable_from TEXT,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_registration_boxes PRIMARY KEY (record_id, field),
    CONSTRAINT fk_registration_boxes_record_id FOREIGN KEY(record_id) REFERENCES id_checks (check_id),
    CONSTRAINT fk_registration_boxes_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE registrations (
    record_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    token BLOB NOT NULL,
    key_hash BLOB NOT NULL,
    sealed_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    signature BLOB NOT NULL,
    wrapped_key BLOB NOT NULL,
    wrapped_month TEXT NOT NULL,
    wrapped_info BLOB NOT NULL,
    erasable_from TEXT,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_registrations PRIMARY KEY (record_id),
    CONSTRAINT fk_registrations_record_id FOREIGN KEY(record_id) REFERENCES id_checks (check_id),
    CONSTRAINT fk_registrations_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE INDEX ix_registrations_person_id ON registrations (person_id)

CREATE INDEX ix_registrations_token ON registrations (token)

CREATE TABLE sales (
    sale_id TEXT NOT NULL,
    list INTEGER NOT NULL,
    shift INTEGER NOT NULL,
    sold_at INTEGER NOT NULL,
    total_fen INTEGER NOT NULL,
    change_fen INTEGER NOT NULL,
    job_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_sales PRIMARY KEY (sale_id),
    CONSTRAINT fk_sales_list FOREIGN KEY(list) REFERENCES price_lists (number),
    CONSTRAINT fk_sales_shift FOREIGN KEY(shift) REFERENCES shifts (number),
    CONSTRAINT uq_sales_job_id UNIQUE (job_id),
    CONSTRAINT fk_sales_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE shift_closings (
    shift INTEGER NOT NULL,
    z INTEGER NOT NULL,
    closed_at INTEGER NOT NULL,
    counted_fen INTEGER NOT NULL,
    expected_fen INTEGER NOT NULL,
    reason TEXT,
    job_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_shift_closings PRIMARY KEY (shift),
    CONSTRAINT ck_shift_closings_counted CHECK (counted_fen >= 0),
    CONSTRAINT ck_shift_closings_reason CHECK (counted_fen = expected_fen OR reason IS NOT NULL),
    CONSTRAINT fk_shift_closings_shift FOREIGN KEY(shift) REFERENCES shifts (number),
    CONSTRAINT uq_shift_closings_z UNIQUE (z),
    CONSTRAINT uq_shift_closings_job_id UNIQUE (job_id),
    CONSTRAINT fk_shift_closings_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 STRICT

CREATE TABLE staff_attempts (
    number INTEGER NOT NULL,
    failures INTEGER NOT NULL CONSTRAINT ck_staff_attempts_failures CHECK (failures >= 1),
    last_failed_at INTEGER NOT NULL,
    CONSTRAINT pk_staff_attempts PRIMARY KEY (number),
    CONSTRAINT fk_staff_attempts_number FOREIGN KEY(number) REFERENCES staff_members (number)
)
 STRICT

CREATE TABLE staff_disabled (
    number INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_staff_disabled PRIMARY KEY (number),
    CONSTRAINT fk_staff_disabled_number FOREIGN KEY(number) REFERENCES staff_members (number),
    CONSTRAINT fk_staff_disabled_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 STRICT

CREATE TABLE staff_pins (
    number INTEGER NOT NULL,
    verifier TEXT NOT NULL,
    CONSTRAINT pk_staff_pins PRIMARY KEY (number),
    CONSTRAINT fk_staff_pins_number FOREIGN KEY(number) REFERENCES staff_members (number)
)
 STRICT

CREATE TABLE tenders (
    job_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    shift INTEGER NOT NULL,
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    reference TEXT,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_tenders PRIMARY KEY (job_id, number),
    CONSTRAINT ck_tenders_direction CHECK (direction IN ('deposit', 'paid', 'returned', 'change')),
    CONSTRAINT ck_tenders_kind CHECK (kind IN ('cash', 'wechat', 'alipay', 'bank')),
    CONSTRAINT ck_tenders_change CHECK (direction <> 'change' OR kind = 'cash'),
    CONSTRAINT ck_tenders_amount CHECK (amount_fen > 0),
    CONSTRAINT ck_tenders_reference CHECK ((kind = 'cash') = (reference IS NULL)),
    CONSTRAINT fk_tenders_shift FOREIGN KEY(shift) REFERENCES shifts (number),
    CONSTRAINT fk_tenders_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE visits (
    visit_id TEXT NOT NULL,
    check_id TEXT NOT NULL,
    verdict TEXT NOT NULL,
    seat TEXT NOT NULL,
    zone TEXT NOT NULL,
    tier TEXT NOT NULL,
    list INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    port TEXT,
    terminal_ip TEXT,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_visits PRIMARY KEY (visit_id),
    CONSTRAINT fk_visits_check_id FOREIGN KEY(check_id, verdict) REFERENCES id_checks (check_id, verdict),
    CONSTRAINT ck_visits_adult CHECK (verdict = 'adult'),
    CONSTRAINT uq_visits_check_id UNIQUE (check_id),
    CONSTRAINT fk_visits_list FOREIGN KEY(list) REFERENCES price_lists (number),
    CONSTRAINT fk_visits_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE deposits (
    visit_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    shift INTEGER NOT NULL,
    kind TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    reference TEXT,
    job_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_deposits PRIMARY KEY (visit_id, number),
    CONSTRAINT ck_deposits_kind CHECK (kind IN ('cash', 'wechat', 'alipay', 'bank')),
    CONSTRAINT ck_deposits_amount CHECK (amount_fen > 0),
    CONSTRAINT ck_deposits_reference CHECK ((kind = 'cash') = (reference IS NULL)),
    CONSTRAINT fk_deposits_visit_id FOREIGN KEY(visit_id) REFERENCES visits (visit_id),
    CONSTRAINT fk_deposits_shift FOREIGN KEY(shift) REFERENCES shifts (number),
    CONSTRAINT uq_deposits_job_id UNIQUE (job_id),
    CONSTRAINT fk_deposits_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE open_visits (
    visit_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    seat TEXT NOT NULL,
    deposit_fen INTEGER NOT NULL,
    orders INTEGER NOT NULL,
    statement INTEGER,
    CONSTRAINT pk_open_visits PRIMARY KEY (visit_id),
    CONSTRAINT ck_open_visits_deposit CHECK (deposit_fen >= 0),
    CONSTRAINT fk_open_visits_visit_id FOREIGN KEY(visit_id) REFERENCES visits (visit_id),
    CONSTRAINT uq_open_visits_person_id UNIQUE (person_id),
    CONSTRAINT uq_open_visits_seat UNIQUE (seat)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE orders (
    order_id TEXT NOT NULL,
    visit_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    list INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_orders PRIMARY KEY (order_id),
    CONSTRAINT uq_orders_visit_id_number UNIQUE (visit_id, number),
    CONSTRAINT fk_orders_visit_id FOREIGN KEY(visit_id) REFERENCES visits (visit_id),
    CONSTRAINT fk_orders_list FOREIGN KEY(list) REFERENCES price_lists (number),
    CONSTRAINT fk_orders_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE sale_lines (
    sale_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit_fen INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_sale_lines PRIMARY KEY (sale_id, line),
    CONSTRAINT ck_sale_lines_kind CHECK (kind IN ('goods', 'service')),
    CONSTRAINT ck_sale_lines_quantity CHECK (quantity > 0),
    CONSTRAINT fk_sale_lines_sale_id FOREIGN KEY(sale_id) REFERENCES sales (sale_id),
    CONSTRAINT fk_sale_lines_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE statements (
    visit_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    shown_at INTEGER NOT NULL,
    how TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    total_fen INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_statements PRIMARY KEY (visit_id, number),
    CONSTRAINT ck_statements_how CHECK (how IN ('screen', 'printed')),
    CONSTRAINT fk_statements_visit_id FOREIGN KEY(visit_id) REFERENCES visits (visit_id),
    CONSTRAINT fk_statements_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE visit_events (
    visit_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    seat TEXT,
    zone TEXT,
    code TEXT,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_visit_events PRIMARY KEY (visit_id, number),
    CONSTRAINT ck_visit_events_kind CHECK (kind IN ('moved', 'paused', 'resumed', 'outage-began', 'outage-ended', 'package', 'ended')),
    CONSTRAINT ck_visit_events_moved CHECK ((kind = 'moved') = (seat IS NOT NULL AND zone IS NOT NULL)),
    CONSTRAINT ck_visit_events_code CHECK ((kind IN ('package', 'ended')) = (code IS NOT NULL)),
    CONSTRAINT fk_visit_events_visit_id FOREIGN KEY(visit_id) REFERENCES visits (visit_id),
    CONSTRAINT fk_visit_events_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE order_lines (
    order_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit_fen INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_order_lines PRIMARY KEY (order_id, line),
    CONSTRAINT ck_order_lines_kind CHECK (kind IN ('goods', 'service')),
    CONSTRAINT ck_order_lines_quantity CHECK (quantity > 0),
    CONSTRAINT fk_order_lines_order_id FOREIGN KEY(order_id) REFERENCES orders (order_id),
    CONSTRAINT fk_order_lines_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE settlements (
    visit_id TEXT NOT NULL,
    shift INTEGER NOT NULL,
    statement INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    ends TEXT NOT NULL,
    used_seconds INTEGER NOT NULL,
    time_fen INTEGER NOT NULL,
    packages_fen INTEGER NOT NULL,
    orders_fen INTEGER NOT NULL,
    total_fen INTEGER NOT NULL,
    job_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_settlements PRIMARY KEY (visit_id),
    CONSTRAINT fk_settlements_statement FOREIGN KEY(visit_id, statement) REFERENCES statements (visit_id, number),
    CONSTRAINT ck_settlements_ends CHECK (ends IN ('customer', 'closing-time', 'package-end')),
    CONSTRAINT ck_settlements_parts CHECK (time_fen >= 0 AND packages_fen >= 0 AND orders_fen >= 0),
    CONSTRAINT ck_settlements_total CHECK (total_fen = time_fen + packages_fen + orders_fen),
    CONSTRAINT fk_settlements_visit_id FOREIGN KEY(visit_id) REFERENCES visits (visit_id),
    CONSTRAINT fk_settlements_shift FOREIGN KEY(shift) REFERENCES shifts (number),
    CONSTRAINT uq_settlements_job_id UNIQUE (job_id),
    CONSTRAINT fk_settlements_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE order_cancellations (
    order_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    number INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    reason TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_order_cancellations PRIMARY KEY (order_id, line, number),
    CONSTRAINT fk_order_cancellations_order_id FOREIGN KEY(order_id, line) REFERENCES order_lines (order_id, line),
    CONSTRAINT ck_order_cancellations_quantity CHECK (quantity > 0),
    CONSTRAINT fk_order_cancellations_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT
