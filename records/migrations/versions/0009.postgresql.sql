ALTER TABLE postings
    DROP CONSTRAINT IF EXISTS ck_postings_amount,
    DROP CONSTRAINT IF EXISTS fk_postings_entry_id,
    DROP CONSTRAINT IF EXISTS fk_postings_shift

ALTER TABLE print_jobs
    DROP CONSTRAINT IF EXISTS ck_print_jobs_copy_no,
    DROP CONSTRAINT IF EXISTS ck_print_jobs_original,
    DROP CONSTRAINT IF EXISTS fk_print_jobs_entry_id,
    DROP CONSTRAINT IF EXISTS fk_print_jobs_original

ALTER TABLE receipts
    DROP CONSTRAINT IF EXISTS fk_receipts_entry_id,
    DROP CONSTRAINT IF EXISTS fk_receipts_shift

ALTER TABLE settlements
    DROP CONSTRAINT IF EXISTS ck_settlements_ends,
    DROP CONSTRAINT IF EXISTS ck_settlements_parts,
    DROP CONSTRAINT IF EXISTS ck_settlements_total,
    DROP CONSTRAINT IF EXISTS fk_settlements_entry_id,
    DROP CONSTRAINT IF EXISTS fk_settlements_shift,
    DROP CONSTRAINT IF EXISTS fk_settlements_statement,
    DROP CONSTRAINT IF EXISTS fk_settlements_visit_id

ALTER TABLE tenders
    DROP CONSTRAINT IF EXISTS ck_tenders_amount,
    DROP CONSTRAINT IF EXISTS ck_tenders_change,
    DROP CONSTRAINT IF EXISTS ck_tenders_direction,
    DROP CONSTRAINT IF EXISTS ck_tenders_kind,
    DROP CONSTRAINT IF EXISTS ck_tenders_reference,
    DROP CONSTRAINT IF EXISTS fk_tenders_entry_id,
    DROP CONSTRAINT IF EXISTS fk_tenders_shift
