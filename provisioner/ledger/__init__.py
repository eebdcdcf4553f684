"""What we recorded in the client's own site: addresses, last applied properties, receipts.

Kept in a hidden library there, so any machine and any operator finds the same truth.
"""
