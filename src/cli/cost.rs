//! `askline cost`: what models were asked, and what that cost, from the ledger.

use anyhow::Context;
use comfy_table::{CellAlignment, LineStyle, Table, presets};
use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};

use super::{End, output};
use crate::{
    assemble,
    config::Config,
    http::UsageBody,
    store::{By, Sum},
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to sum by: model, strategy, rung, caller, or day (of UTC)
    #[arg(long, default_value = "day", value_parser = by)]
    by: By,
    /// From when on: a date, a moment, or how long ago, such as 7d or 12h
    #[arg(long, value_parser = since)]
    since: Option<Since>,
    /// One JSON object, as GET /api/usage/ gives it
    #[arg(long)]
    json: bool,
}

pub(super) const ABOUT: &str = "\
What models were asked, and what that cost, from the ledger: a row for each exchange of `serve`, `ask` and `search`.
Prices are the dated list prices. An exchange whose price is not known is counted apart, never as nothing. Runs of
`eval` tell their own cost and are not in it.";

/// As it is written; what "ago" means is known when it runs.
#[derive(Debug, Clone)]
enum Since {
    At(Timestamp),
    Ago(Span),
}

pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<End> {
    let since = match args.since.as_ref() {
        None => None,
        Some(Since::At(moment)) => Some(*moment),
        // A day is 24 hours: the ledger is in UTC.
        Some(Since::Ago(span)) => {
            let now = Timestamp::now().to_zoned(TimeZone::UTC);
            Some(now.checked_sub(*span).context("--since: that is too long ago")?.timestamp())
        }
    };
    let store = assemble::store(config).await?;
    let sums = store.ledger.sums(args.by, since).await;
    store.close().await;
    let sums = sums?;
    let text = if args.json {
        serde_json::to_string(&UsageBody::new(args.by, since, &sums))?
    } else if sums.is_empty() {
        "no model was asked".to_owned()
    } else {
        table(args.by, &sums)
    };
    output::line(&text)?;
    Ok(End::Done)
}

fn table(by: By, sums: &[Sum]) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    table.set_header([by.name(), "exchanges", "input", "cache read", "cache write", "output", "USD", "unpriced"]);
    let mut all: Option<Sum> = None;
    for sum in sums {
        table.add_row(row(sum));
        match &mut all {
            None => all = Some(Sum { key: "all".to_owned(), ..sum.clone() }),
            Some(all) => all.add(sum),
        }
    }
    if let Some(all) = all.filter(|_| sums.len() > 1) {
        table.add_row(row(&all));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn row(sum: &Sum) -> [String; 8] {
    let usage = sum.usage;
    [
        sum.key.clone(),
        sum.exchanges.to_string(),
        usage.input.to_string(),
        usage.cache_read.to_string(),
        (usage.cache_write + usage.cache_write_1h).to_string(),
        usage.output.to_string(),
        sum.price.to_string().trim_start_matches('$').to_owned(),
        sum.unpriced.to_string(),
    ]
}

fn by(text: &str) -> Result<By, String> {
    let known = By::ALL.map(By::name);
    By::ALL.into_iter().find(|by| by.name() == text).ok_or_else(|| format!("one of {}", known.join(", ")))
}

fn since(text: &str) -> Result<Since, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(Since::At(moment));
    }
    if let Ok(zoned) = text.parse::<Date>().and_then(|date| date.to_zoned(TimeZone::UTC)) {
        return Ok(Since::At(zoned.timestamp()));
    }
    let span = text
        .parse::<Span>()
        .map_err(|_| ())
        .and_then(|span| if span.is_negative() { Err(()) } else { Ok(Since::Ago(span)) });
    span.map_err(|()| "a date such as 2026-11-01, a moment such as 2026-11-01T09:00:00+09:00, or 7d, 12h".to_owned())
}
