//! How an answer came about, for `askline ask --explain`: the reading, the words left over, the SQL, the time.

use std::fmt::Write;

use crate::{
    engine::Reply,
    question::reading::{Cond, Reading, Unread},
    sql::{Bind, Query},
};

pub(super) fn text(reply: &Reply) -> String {
    let mut out = format!("{}\n", reply.words);
    row(&mut out, "outcome", reply.outcome.name());
    if let Some((code, message)) = reply.outcome.reason() {
        row(&mut out, "reason", &format!("{code}: {message}"));
    }
    row(&mut out, "language", &format!("{:?}", reply.lang).to_lowercase());
    if let Some(reading) = &reply.reading {
        section(&mut out, "reading");
        write_reading(&mut out, reading);
    }
    if let Some(query) = &reply.query {
        section(&mut out, "SQL");
        write_query(&mut out, query);
    }
    section(&mut out, "steps");
    for step in &reply.trace {
        let reason = step.reason.unwrap_or_default();
        let _ = writeln!(out, "  {:<8} {:>9.3} ms  {} {reason}", step.step, step.ms, step.outcome);
    }
    out.truncate(out.trim_end().len());
    out
}

fn write_reading(out: &mut String, reading: &Reading) {
    row(out, "wants", &format!("{:?}", reading.wants));
    match &reading.filter {
        Cond::All(all) if all.is_empty() => row(out, "filter", "every event"),
        Cond::All(all) => all.iter().for_each(|cond| row(out, "filter", &format!("{cond:?}"))),
        other => row(out, "filter", &format!("{other:?}")),
    }
    if let Some(relation) = &reading.relation {
        row(out, "relation", &format!("{relation:?}"));
    }
    for signal in &reading.signals {
        row(out, "signal", &format!("{signal:?}"));
    }
    match &reading.unread[..] {
        [] => row(out, "left over", "nothing"),
        unread => {
            unread.iter().for_each(|Unread { text, why }| row(out, "left over", &format!("\"{text}\" ({why:?})")))
        }
    }
}

fn write_query(out: &mut String, query: &Query) {
    for line in query.text().lines() {
        let _ = writeln!(out, "  {line}");
    }
    for (bind, number) in query.binds().iter().zip(1..) {
        let value = match bind {
            Bind::Int(n) => n.to_string(),
            Bind::Ints(all) => format!("{all:?}"),
            Bind::Float(x) => x.to_string(),
            Bind::Text(text) => format!("{text:?}"),
            Bind::Texts(texts) => format!("{texts:?}"),
            Bind::Vector(numbers) => format!("{} numbers", numbers.len()),
        };
        row(out, &format!("${number}"), &value);
    }
}

fn section(out: &mut String, name: &str) {
    let _ = writeln!(out, "\n{name}");
}

fn row(out: &mut String, name: &str, value: &str) {
    let _ = writeln!(out, "  {name:<10} {value}");
}
