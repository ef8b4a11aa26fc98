"""Benchmarks: ratios of whole processes on the same machine in the same minute. Nothing here asserts a time."""
