"""The people behind the counter: accounts, PINs, lock-outs, what each role may do, and four eyes.

`roles` is the one table of operations and roles; whatever stands in no row of it is refused.
"""
