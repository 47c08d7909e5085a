//! Records of named fields, from JSON and CSV, with the line each begins on.

use serde_json::{Map, Value as Json, value::RawValue};

use crate::eval::table::without_place;

/// What is wrong, by line.
pub(super) type Found = Vec<(usize, String)>;

pub(super) struct Record {
    /// From 1.
    pub(super) number: usize,
    pub(super) line: usize,
    fields: Map<String, Json>,
}

impl Record {
    /// Without blanks around it; `None` if it is not there or empty. A number is its digits.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let text = match self.fields.get(name)? {
            Json::String(text) => text.trim().to_owned(),
            Json::Number(number) => number.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }
}

/// A list of objects, or an object on each line.
pub(super) fn of_json(text: &str, problems: &mut Found) -> Vec<Record> {
    let mut records = Vec::new();
    let mut add = |number: usize, line: usize, raw: &str, problems: &mut Found| match serde_json::from_str(raw) {
        Ok(fields) => records.push(Record { number, line, fields }),
        Err(error) => problems.push((line, format!("record {number}: not an object: {}", without_place(&error)))),
    };
    if text.trim_start().starts_with('[') {
        match serde_json::from_str::<Vec<&RawValue>>(text) {
            Err(error) => problems.push((error.line(), format!("not JSON: {}", without_place(&error)))),
            Ok(all) => {
                // Each piece is a part of the text, so the distance says where.
                let (mut line, mut counted) = (1, 0);
                for (number, raw) in (1..).zip(all) {
                    let begins = (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len());
                    line += text.as_bytes()[counted..begins].iter().filter(|byte| **byte == b'\n').count();
                    counted = begins;
                    add(number, line, raw.get(), problems);
                }
            }
        }
    } else {
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        for (number, (line, raw)) in (1..).zip(lines) {
            add(number, line, raw, problems);
        }
    }
    records
}

/// With a line of names first, in which there is one of each of `needed`.
pub(super) fn of_csv(text: &str, needed: &[&[&str]], problems: &mut Found) -> Vec<Record> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let names = match reader.headers() {
        Ok(names) => names.clone(),
        Err(error) => {
            problems.push((1, error.to_string()));
            return Vec::new();
        }
    };
    let missing = needed.iter().filter(|any| !names.iter().any(|name| any.contains(&name.trim())));
    let missing: Vec<String> = missing.map(|any| format!("`{}`", any.join("` or `"))).collect();
    if !missing.is_empty() && !text.trim().is_empty() {
        let there = names.iter().collect::<Vec<_>>().join(", ");
        problems.push((1, format!("there is no column {}; there are {there}", missing.join(", "))));
        return Vec::new();
    }
    let mut records = Vec::new();
    for (number, row) in (1..).zip(reader.records()) {
        match row {
            Ok(row) => {
                let line = row.position().map_or(0, csv::Position::line);
                let cells = names.iter().zip(&row).map(|(name, cell)| (name.trim().to_owned(), Json::from(cell)));
                let line = usize::try_from(line).unwrap_or(0);
                records.push(Record { number, line, fields: cells.collect() });
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let what = match error.kind() {
                    csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                        format!("{len} fields under {expected_len} names")
                    }
                    _ => error.to_string(),
                };
                problems.push((usize::try_from(line).unwrap_or(0), format!("record {number}: {what}")));
            }
        }
    }
    records
}
