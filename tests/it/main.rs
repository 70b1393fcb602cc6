//! Integration tests: the product against a real PostgreSQL.
