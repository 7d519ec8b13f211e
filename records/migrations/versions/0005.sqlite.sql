CREATE TABLE journal_head (
    number INTEGER NOT NULL CONSTRAINT ck_journal_head_single CHECK (number = 1),
    epoch INTEGER NOT NULL,
    CONSTRAINT pk_journal_head PRIMARY KEY (number)
)
 STRICT

INSERT INTO journal_head (number, epoch) VALUES (1, 0)

CREATE TABLE desk_clocks (
    till TEXT NOT NULL,
    wall_ms INTEGER NOT NULL,
    boot TEXT NOT NULL,
    mono_us INTEGER NOT NULL,
    discipline TEXT NOT NULL,
    CONSTRAINT pk_desk_clocks PRIMARY KEY (till)
)
 WITHOUT ROWID,
 STRICT

INSERT INTO desk_clocks (till, wall_ms, boot, mono_us, discipline)
SELECT told ->> '$.till', told ->> '$.wall', told ->> '$.boot', told ->> '$.mono_us', told ->> '$.clk'
FROM (SELECT CAST(entry AS TEXT) AS told FROM journal ORDER BY seq DESC LIMIT 1)

CREATE TABLE print_attempts_before AS SELECT * FROM print_attempts

DROP TABLE print_attempts

CREATE TABLE print_attempts (
    job_id TEXT NOT NULL,
    till TEXT NOT NULL,
    position INTEGER NOT NULL,
    state TEXT NOT NULL CONSTRAINT ck_print_attempts_state CHECK (state IN ('queued', 'sending', 'sent', 'confirmed', 'uncertain', 'failed', 'cancelled')),
    attempts INTEGER NOT NULL,
    is_again INTEGER NOT NULL CONSTRAINT ck_print_attempts_is_again CHECK (is_again IN (0, 1)),
    cause TEXT,
    sent_at INTEGER,
    confirmed_at INTEGER,
    CONSTRAINT pk_print_attempts PRIMARY KEY (job_id),
    CONSTRAINT uq_print_attempts_till_position UNIQUE (till, position),
    CONSTRAINT fk_print_attempts_job_id FOREIGN KEY(job_id) REFERENCES print_jobs (job_id)
)
 WITHOUT ROWID,
 STRICT

CREATE INDEX ix_print_attempts_till_state_position ON print_attempts (till, state, position)

INSERT INTO print_attempts (job_id, till, position, state, attempts, is_again, cause, sent_at, confirmed_at)
SELECT job_id, 'desk-1', position, state, attempts, is_again, cause, sent_at, confirmed_at
FROM print_attempts_before

DROP TABLE print_attempts_before
