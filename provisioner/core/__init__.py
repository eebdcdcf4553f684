"""The words of the product as values: errors, nodes, addresses, resources, operations.

Rule of this package: standard library only, no I/O, no clock.
"""
