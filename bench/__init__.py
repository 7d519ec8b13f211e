"""What is measured, and how: `make bench`, docs/benchmarks.md."""
