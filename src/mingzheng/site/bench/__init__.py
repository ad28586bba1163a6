"""What is measured, and against what: every measure runs its limit beside it, in the same minute, on the same machine.

The limits' code stands in tests/bench/limits, one file each, outside the product.
"""
