"""Ready files for schedulers, one module for each. Pure: a job in, files by name out.

Secrets are named, never written: each file says where its scheduler keeps them. `sync` answers 2 when
it has findings, which is no failure, so every scheduler is told that 2 is a success.
"""
