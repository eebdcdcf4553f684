"""The Graph face: one module for each family of requests, each with its `ROUTES`."""
