//! Papers as PDF/A, and their signatures.
