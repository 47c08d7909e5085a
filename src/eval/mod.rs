//! Evaluation.

pub mod case;
pub mod record;
