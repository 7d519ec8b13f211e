"""The venue's records: one database, one journal, one clock.

Whatever happens is one transaction: facts, the journal entry that made them, the Merkle nodes over it and the signed
head, all or nothing. `unit_of_work` is the only door; `journal`, `merkle`, `notes` and `canonical` make the bytes of
docs/journal-format.md; `guards` teaches the database to refuse what the rules forbid; `clock` is the only place that
asks the time.
"""
