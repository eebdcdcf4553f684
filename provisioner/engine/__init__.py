"""From a declared workspace to a plan, and from a plan to a receipt.

Rule of this package: planning is pure; only `observe` and `executor` speak to a `Transport`, and
`drift` cannot import `executor`, so a drift check has no way to write.
"""
