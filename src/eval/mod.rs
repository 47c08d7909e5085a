//! Evaluation: is what was changed better, what broke, what does it cost, and is the difference real?
//!
//! [`case`](mod@case) reads suites; [`run`] asks every case through `Engine::ask`, so what is measured is what is served, and
//! leaves [`record`]s in [`files`]; [`luck`] tries right answers on changed copies of the data ([`mutate`]); [`figures`]
//! sums up, [`gate`] holds the figures to limits. [`repeats`] makes one case of its repeats, [`compare`] sets two runs
//! beside each other, and [`report`] shows both to people and to CI. [`lint`] checks suites, [`import`](mod@import) reads
//! other people's.
//!
//! What a right answer is: [`table`], [`cell`] and [`number`] hold results and decide when two cells are the same, and
//! [`result`] brings both sides into that form; [`judge`] compares a prediction with its golds, by the contract's rules
//! or those of BIRD, Spider or defog; a suite's SQL goes through the [`door`] of a model's; [`pairs`] reads what is to be judged from JSON lines. [`ground`] looks for figures
//! of a reply that no row gives. [`semantic`] is for cases that only descriptions answer, [`search`](mod@search) sets the legs of a search side by
//! side. [`stats`] has the intervals
//! and tests, [`retrieval`] the metrics of ranked lists, and [`trec`] reads their files.

pub mod case;
pub mod cell;
pub mod compare;
pub mod door;
pub mod figures;
pub mod files;
pub mod gate;
pub mod ground;
pub mod import;
pub mod judge;
pub mod lint;
pub mod luck;
pub mod mutate;
pub mod number;
pub mod pairs;
pub mod problems;
pub mod record;
pub mod repeats;
pub mod report;
pub mod result;
pub mod retrieval;
pub mod run;
pub mod search;
pub mod semantic;
pub mod stats;
pub mod table;
pub mod trec;
