CREATE INDEX ix_tenders_reference ON tenders (reference)
