CREATE TABLE seat_closures (
    number INTEGER NOT NULL,
    seat TEXT NOT NULL,
    closed_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_seat_closures PRIMARY KEY (number),
    CONSTRAINT ck_seat_closures_reason CHECK (reason IN ('faulty', 'cleaning', 'inspection', 'works')),
    CONSTRAINT fk_seat_closures_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 STRICT

CREATE INDEX ix_seat_closures_seat ON seat_closures (seat)

CREATE TABLE seat_reopenings (
    number INTEGER NOT NULL,
    reopened_at INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_seat_reopenings PRIMARY KEY (number),
    CONSTRAINT fk_seat_reopenings_number FOREIGN KEY(number) REFERENCES seat_closures (number),
    CONSTRAINT fk_seat_reopenings_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 STRICT
