"""The only code that talks to Microsoft 365.

Rule of this package: it sends what it is given and says honestly what came back. One retry policy,
one place for tokens, one for what an error means; a token goes to the host it was asked for and to
no other. Start with `client.open_client`.
"""
