"""Some pages are read from a replica of the database, where there is one (docs/adr/0054)."""
