"""One file for each command; each gives `register(app)`."""
