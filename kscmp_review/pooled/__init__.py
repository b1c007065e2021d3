"""PostgreSQL reached through PgBouncer in transaction mode (docs/adr/0055)."""
