//! shim
use super::{
    compare::Comparison,
    gate::GateResult,
    record::{CaseRecord, Summary},
};
pub fn html(_: &Summary, _: &[CaseRecord], _: Option<&Comparison>) -> String {
    String::new()
}
pub fn junit(_: &Summary, _: &[CaseRecord]) -> String {
    String::new()
}
pub fn markdown(_: &Summary, _: Option<&Comparison>, _: &[GateResult]) -> String {
    String::new()
}
pub fn terminal(s: &Summary, _: Option<&Comparison>, _: bool) -> String {
    format!("{:#?}", s.strategies)
}
pub fn comparison_terminal(_: &Comparison) -> String {
    String::new()
}
