"""The SharePoint REST face: one module for each family of requests, each with its `ROUTES`."""
