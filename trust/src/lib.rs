//! What a paper is proven by, and the check of it, without any input or output.
