"""The web face: what a person sees of a site in a browser."""
