"""Traffic written down without what it was about, and played again.

Rule of this package: a text is replaced before it touches the disk, unless it is a word of the
protocols. So a recording of a client's tenant may be given away, and what refers to what in it is
still told apart.
"""
