"""A local Microsoft 365 tenant: Entra, Microsoft Graph and SharePoint REST over one SQLite store.

Nothing here imports the rest of the product, and the product imports nothing from here, so a
mistake in one cannot hide in the other. It is judged by what it refuses and by what it changes on
read-back, not by its happy path.
"""
