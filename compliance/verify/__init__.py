"""The verifier that travels inside every bundle.

`verify.py` is one file, needs Python 3.8 and nothing else, and imports nothing of the product: an inspector runs the
very bytes that the tests here run. It is written from `docs/journal-format.md` and `docs/bundle-format.md`.
"""
