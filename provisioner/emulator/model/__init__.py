"""What the tenant knows, apart from HTTP: both faces read and write through these modules."""
