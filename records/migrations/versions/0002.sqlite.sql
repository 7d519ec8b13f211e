CREATE TABLE settlements_before AS SELECT * FROM settlements

DROP TABLE settlements

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
    reductions_fen INTEGER NOT NULL,
    total_fen INTEGER NOT NULL,
    job_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_settlements PRIMARY KEY (visit_id),
    CONSTRAINT fk_settlements_statement FOREIGN KEY(visit_id, statement) REFERENCES statements (visit_id, number),
    CONSTRAINT ck_settlements_ends CHECK (ends IN ('customer', 'closing-time', 'package-end')),
    CONSTRAINT ck_settlements_parts CHECK (time_fen >= 0 AND packages_fen >= 0 AND reductions_fen >= 0),
    CONSTRAINT ck_settlements_total CHECK (total_fen = time_fen + packages_fen + orders_fen - reductions_fen AND total_fen >= 0),
    CONSTRAINT fk_settlements_visit_id FOREIGN KEY(visit_id) REFERENCES visits (visit_id),
    CONSTRAINT fk_settlements_shift FOREIGN KEY(shift) REFERENCES shifts (number),
    CONSTRAINT uq_settlements_job_id UNIQUE (job_id),
    CONSTRAINT fk_settlements_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

INSERT INTO settlements (visit_id, shift, statement, ended_at, ends, used_seconds, time_fen, packages_fen, orders_fen, reductions_fen, total_fen, job_id, entry_id)
SELECT visit_id, shift, statement, ended_at, ends, used_seconds, time_fen, packages_fen, orders_fen, 0, total_fen, job_id, entry_id
FROM settlements_before

DROP TABLE settlements_before

ALTER TABLE orders ADD COLUMN pinned INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_orders_pinned CHECK (pinned IN (0, 1))

ALTER TABLE order_lines ADD COLUMN saving_line INTEGER

ALTER TABLE visit_events ADD COLUMN order_id TEXT

ALTER TABLE visit_events ADD COLUMN saving_line INTEGER

ALTER TABLE order_cancellations ADD COLUMN saving_quantity INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_order_cancellations_saving_quantity CHECK (saving_quantity >= 0)

ALTER TABLE order_cancellations ADD COLUMN handed_over INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_order_cancellations_handed_over CHECK (handed_over IN (0, 1))

ALTER TABLE order_cancellations ADD COLUMN approved_by TEXT

ALTER TABLE sale_lines ADD COLUMN saving_line INTEGER

ALTER TABLE open_visits ADD COLUMN reductions INTEGER DEFAULT 0 NOT NULL

CREATE TABLE price_savings (
    list INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    saving_fen INTEGER NOT NULL,
    begins INTEGER,
    ends INTEGER,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_price_savings PRIMARY KEY (list, kind, code),
    CONSTRAINT ck_price_savings_kind CHECK (kind IN ('combo', 'promotion')),
    CONSTRAINT ck_price_savings_saving CHECK (saving_fen <= 0),
    CONSTRAINT ck_price_savings_period CHECK ((kind = 'promotion') = (begins IS NOT NULL) AND (begins IS NULL) = (ends IS NULL)),
    CONSTRAINT fk_price_savings_list FOREIGN KEY(list) REFERENCES price_lists (number),
    CONSTRAINT fk_price_savings_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE price_saving_parts (
    list INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    item_kind TEXT NOT NULL,
    item_code TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_price_saving_parts PRIMARY KEY (list, kind, code, item_kind, item_code),
    CONSTRAINT fk_price_saving_parts_saving FOREIGN KEY(list, kind, code) REFERENCES price_savings (list, kind, code),
    CONSTRAINT fk_price_saving_parts_item FOREIGN KEY(list, item_kind, item_code) REFERENCES price_items (list, kind, code),
    CONSTRAINT ck_price_saving_parts_quantity CHECK (quantity > 0),
    CONSTRAINT fk_price_saving_parts_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE order_savings (
    order_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit_fen INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_order_savings PRIMARY KEY (order_id, line),
    CONSTRAINT ck_order_savings_kind CHECK (kind IN ('combo', 'promotion')),
    CONSTRAINT ck_order_savings_quantity CHECK (quantity > 0),
    CONSTRAINT ck_order_savings_unit CHECK (unit_fen <= 0),
    CONSTRAINT fk_order_savings_order_id FOREIGN KEY(order_id) REFERENCES orders (order_id),
    CONSTRAINT fk_order_savings_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE hand_overs (
    order_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    handed_at INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_hand_overs PRIMARY KEY (order_id, line),
    CONSTRAINT fk_hand_overs_order_id FOREIGN KEY(order_id, line) REFERENCES order_lines (order_id, line),
    CONSTRAINT fk_hand_overs_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE reductions (
    visit_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    reduction_id TEXT NOT NULL,
    fen INTEGER NOT NULL,
    reason TEXT NOT NULL,
    approved_by TEXT,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_reductions PRIMARY KEY (visit_id, number),
    CONSTRAINT ck_reductions_fen CHECK (fen > 0),
    CONSTRAINT fk_reductions_visit_id FOREIGN KEY(visit_id) REFERENCES visits (visit_id),
    CONSTRAINT uq_reductions_reduction_id UNIQUE (reduction_id),
    CONSTRAINT fk_reductions_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE reduction_withdrawals (
    reduction_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_reduction_withdrawals PRIMARY KEY (reduction_id),
    CONSTRAINT fk_reduction_withdrawals_reduction_id FOREIGN KEY(reduction_id) REFERENCES reductions (reduction_id),
    CONSTRAINT fk_reduction_withdrawals_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE sale_savings (
    sale_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit_fen INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_sale_savings PRIMARY KEY (sale_id, line),
    CONSTRAINT ck_sale_savings_kind CHECK (kind IN ('combo', 'promotion')),
    CONSTRAINT ck_sale_savings_quantity CHECK (quantity > 0),
    CONSTRAINT ck_sale_savings_unit CHECK (unit_fen <= 0),
    CONSTRAINT fk_sale_savings_sale_id FOREIGN KEY(sale_id) REFERENCES sales (sale_id),
    CONSTRAINT fk_sale_savings_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE sale_reductions (
    sale_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    fen INTEGER NOT NULL,
    reason TEXT NOT NULL,
    approved_by TEXT,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_sale_reductions PRIMARY KEY (sale_id, number),
    CONSTRAINT ck_sale_reductions_fen CHECK (fen > 0),
    CONSTRAINT fk_sale_reductions_sale_id FOREIGN KEY(sale_id) REFERENCES sales (sale_id),
    CONSTRAINT fk_sale_reductions_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE refunds (
    refund_id TEXT NOT NULL,
    visit_id TEXT,
    sale_id TEXT,
    shift INTEGER NOT NULL,
    refunded_at INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    reason TEXT,
    list INTEGER,
    charged_fen INTEGER,
    due_fen INTEGER,
    approved_by TEXT,
    job_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_refunds PRIMARY KEY (refund_id),
    CONSTRAINT ck_refunds_of CHECK ((visit_id IS NULL) <> (sale_id IS NULL)),
    CONSTRAINT ck_refunds_amount CHECK (amount_fen > 0),
    CONSTRAINT ck_refunds_reason CHECK ((list IS NULL) = (reason IS NOT NULL)),
    CONSTRAINT ck_refunds_overcharge CHECK (list IS NULL OR visit_id IS NOT NULL),
    CONSTRAINT ck_refunds_due CHECK ((list IS NULL) = (charged_fen IS NULL) AND (list IS NULL) = (due_fen IS NULL) AND (list IS NULL OR (due_fen >= 0 AND amount_fen = charged_fen - due_fen))),
    CONSTRAINT fk_refunds_visit_id FOREIGN KEY(visit_id) REFERENCES visits (visit_id),
    CONSTRAINT fk_refunds_sale_id FOREIGN KEY(sale_id) REFERENCES sales (sale_id),
    CONSTRAINT fk_refunds_shift FOREIGN KEY(shift) REFERENCES shifts (number),
    CONSTRAINT fk_refunds_list FOREIGN KEY(list) REFERENCES price_lists (number),
    CONSTRAINT uq_refunds_job_id UNIQUE (job_id),
    CONSTRAINT fk_refunds_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE INDEX ix_refunds_sale_id ON refunds (sale_id)

CREATE INDEX ix_refunds_visit_id ON refunds (visit_id)

CREATE TABLE refund_lines (
    refund_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    order_id TEXT,
    line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit_fen INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_refund_lines PRIMARY KEY (refund_id, number),
    CONSTRAINT ck_refund_lines_kind CHECK (kind IN ('goods', 'service', 'combo', 'promotion', 'package')),
    CONSTRAINT ck_refund_lines_quantity CHECK (quantity > 0),
    CONSTRAINT ck_refund_lines_package CHECK (kind <> 'package' OR (quantity = 1 AND order_id IS NULL)),
    CONSTRAINT fk_refund_lines_refund_id FOREIGN KEY(refund_id) REFERENCES refunds (refund_id),
    CONSTRAINT fk_refund_lines_order_id FOREIGN KEY(order_id) REFERENCES orders (order_id),
    CONSTRAINT fk_refund_lines_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE refund_tenders (
    refund_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    reference TEXT,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_refund_tenders PRIMARY KEY (refund_id, number),
    CONSTRAINT ck_refund_tenders_kind CHECK (kind IN ('cash', 'wechat', 'alipay', 'bank')),
    CONSTRAINT ck_refund_tenders_amount CHECK (amount_fen > 0),
    CONSTRAINT ck_refund_tenders_reference CHECK ((kind = 'cash') = (reference IS NULL)),
    CONSTRAINT fk_refund_tenders_refund_id FOREIGN KEY(refund_id) REFERENCES refunds (refund_id),
    CONSTRAINT fk_refund_tenders_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE stock_moves (
    entry_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    pieces INTEGER NOT NULL,
    counted INTEGER,
    reason TEXT,
    CONSTRAINT pk_stock_moves PRIMARY KEY (entry_id, line),
    CONSTRAINT ck_stock_moves_kind CHECK (kind IN ('received', 'counted', 'written-off')),
    CONSTRAINT ck_stock_moves_received CHECK (kind <> 'received' OR pieces > 0),
    CONSTRAINT ck_stock_moves_written_off CHECK (kind <> 'written-off' OR pieces < 0),
    CONSTRAINT ck_stock_moves_counted CHECK ((kind = 'counted') = (counted IS NOT NULL)),
    CONSTRAINT ck_stock_moves_count CHECK (counted >= 0),
    CONSTRAINT ck_stock_moves_reason CHECK ((kind = 'written-off') = (reason IS NOT NULL)),
    CONSTRAINT fk_stock_moves_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 WITHOUT ROWID,
 STRICT

CREATE INDEX ix_stock_moves_code ON stock_moves (code)

CREATE TABLE stock_levels (
    code TEXT NOT NULL,
    pieces INTEGER NOT NULL,
    CONSTRAINT pk_stock_levels PRIMARY KEY (code)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE saving_parts_before AS
SELECT number AS list, entry_id, 'combo' AS kind,
    json_extract(combo.value, '$.code') AS code,
    json_extract(combo.value, '$.price_fen') AS price_fen,
    NULL AS begins, NULL AS ends,
    CASE WHEN json_extract(part.value, '$.goods') IS NOT NULL THEN 'goods'
         WHEN json_extract(part.value, '$.service') IS NOT NULL THEN 'service' ELSE 'package' END AS item_kind,
    coalesce(json_extract(part.value, '$.goods'), json_extract(part.value, '$.service'), json_extract(part.value, '$.package')) AS item_code,
    json_extract(part.value, '$.qty') AS quantity
FROM price_lists, json_each(canonical, '$.combos') AS combo, json_each(combo.value, '$.items') AS part
UNION ALL
SELECT number, entry_id, 'promotion',
    json_extract(promotion.value, '$.code'),
    json_extract(promotion.value, '$.price_fen'),
    CAST(strftime('%s', json_extract(promotion.value, '$.from')) AS INTEGER) * 1000,
    CAST(strftime('%s', json_extract(promotion.value, '$.until')) AS INTEGER) * 1000,
    CASE WHEN json_extract(promotion.value, '$.item.goods') IS NOT NULL THEN 'goods'
         WHEN json_extract(promotion.value, '$.item.service') IS NOT NULL THEN 'service' ELSE 'package' END,
    coalesce(json_extract(promotion.value, '$.item.goods'), json_extract(promotion.value, '$.item.service'), json_extract(promotion.value, '$.item.package')),
    1
FROM price_lists, json_each(canonical, '$.promotions') AS promotion

INSERT INTO price_savings (list, kind, code, saving_fen, begins, ends, entry_id)
SELECT parts.list, parts.kind, parts.code, max(parts.price_fen) - sum(parts.quantity * items.unit_fen), max(parts.begins), max(parts.ends), max(parts.entry_id)
FROM saving_parts_before AS parts
JOIN price_items AS items ON items.list = parts.list AND items.kind = parts.item_kind AND items.code = parts.item_code
GROUP BY parts.list, parts.kind, parts.code
HAVING max(parts.price_fen) <= sum(parts.quantity * items.unit_fen)

INSERT INTO price_saving_parts (list, kind, code, item_kind, item_code, quantity, entry_id)
SELECT list, kind, code, item_kind, item_code, sum(quantity), max(entry_id)
FROM saving_parts_before AS parts
WHERE EXISTS (SELECT 1 FROM price_savings WHERE price_savings.list = parts.list AND price_savings.kind = parts.kind AND price_savings.code = parts.code)
GROUP BY list, kind, code, item_kind, item_code

DROP TABLE saving_parts_before
