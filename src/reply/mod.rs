//! Says an answer.
