"""What a tenant does where Microsoft's documents are silent or disagree, tried beside the emulator.

Rule of this package: a behaviour is a value that says what is asked, how it is tried and what the
emulator does. Everything is tried in scratch lists of the probe's own, which go again whatever
happens; what comes back is told in our words, HTTP statuses and Microsoft's error codes, so that a
report names nobody and no place.
"""
