//! Keys and certificates, in a database and a process of their own.
