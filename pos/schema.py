"""Every table of the product, in one import: guards, migrations and `doctor` look at all of them."""

import billing.tables
import members.tables
import pos.counter.tables
import records.schema
import staff.tables

__all__ = ["billing", "members", "pos", "records", "staff"]
