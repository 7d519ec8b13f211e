"""How much: price lists, the rating of visits, orders, tenders, shifts.

The pricing half is pure: `price_checks` reads and judges a list's TOML text, `price_list` is the value that comes of
it, `usage` says what a customer used, `rating` makes the `bill`, `time_left` asks the same question backwards. Prices
and instants are arguments; nothing here asks the time or a database. The rules P-1 to P-20 and G-1 to G-8 are those of
docs/pricing.md, and docstrings cite them.
"""
