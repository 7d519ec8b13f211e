"""Every table of the product, in one import: guards, migrations and `doctor` look at all of them."""

import pos.counter.tables
import records.schema
import staff.tables

__all__ = ["pos", "records", "staff"]
