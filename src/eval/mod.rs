//! Evaluation: what a right answer is, and what figures mean. Nothing here runs SQL.
//!
//! [`table`], [`cell`] and [`number`] hold results and decide when two cells are the same; [`judge`] compares a
//! prediction with its golds, by the contract's rules or those of BIRD, Spider or defog; [`pairs`] reads what is to be
//! judged from JSON lines. [`stats`] has the intervals and tests, [`retrieval`] the metrics of ranked lists, and
//! [`trec`] reads their files.

pub mod case;
pub mod cell;
pub mod judge;
pub mod mutate;
pub mod number;
pub mod pairs;
pub mod problems;
pub mod record;
pub mod retrieval;
pub mod stats;
pub mod table;
pub mod trec;
