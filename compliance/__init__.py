"""What inspectors and owners ask of the books: exports that prove themselves, their verifier, the self-check.

`bundle` writes, `verify/verify.py` judges and imports nothing of the product, `doctor` looks at a data folder.
"""
