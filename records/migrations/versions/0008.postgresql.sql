CREATE INDEX ix_refunds_entry_id ON refunds (entry_id)

CREATE INDEX ix_sales_entry_id ON sales (entry_id)
