//! Evaluation.

pub mod case;
pub mod mutate;
pub mod record;
