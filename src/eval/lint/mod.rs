//! What is wrong with a suite that loads: golds that do not run, are not of their kind, leave their video or depend on
//! chance; questions that need a moment and have none; questions that are asked twice.

mod cut;
mod statement;

use std::{collections::BTreeMap, fmt, sync::Arc};

use jiff::{Span, Timestamp, ToSpan};

use super::{
    case::{AskedKind, Case, Expected, Suite, default_now},
    door::{Door, NotRun},
    judge::{Gold, Predicted, judge},
    mutate::reordered,
    result,
    run::mode,
    semantic,
};
use crate::{
    question::{Lexicon, Question, Video, normalise, read},
    sql::catalog::Catalog,
    store::{Limits, Snapshot, Store, StoreError},
};
use statement::Parsed;

/// One finding: `file:line: case: error: what is wrong; what to do`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub case: String,
    pub severity: Severity,
    pub what: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The case measures nothing, or chance.
    Error,
    /// It may be meant so.
    Warning,
}

/// Orders in which the rows are stored when golds are run again.
const ORDERS: [&str; 2] = ["one", "two"];

/// Looks at every case, and runs every gold on the data and on copies of it that are stored in another order. Nothing
/// is written. By suite and line.
///
/// # Errors
/// The database cannot be asked at all. A gold that it does not run is a finding.
pub async fn lint(
    store: &Store,
    lexicon: &Lexicon,
    catalog: &Catalog,
    suites: &[Suite],
    limits: Limits,
) -> Result<Vec<Finding>, StoreError> {
    let mut found = Found(Vec::new());
    let cases: Vec<(&Suite, &Case)> =
        suites.iter().flat_map(|suite| suite.cases.iter().map(move |c| (suite, c))).collect();
    for &(suite, case) in &cases {
        match store.reader.video(case.video_id).await {
            Ok(Some(video)) => check_now(suite, case, &video, lexicon, &mut found),
            Ok(None) => {
                found.error(suite, case, format!("there is no video {}; load it, or correct `video_id`", case.video_id))
            }
            Err(StoreError::BadTimezone { video, timezone }) => {
                found.error(
                    suite,
                    case,
                    format!("video {video} has the time zone {timezone:?}, which is none; correct its row"),
                );
            }
            Err(error) => return Err(error),
        }
    }
    check_prompts(&cases, &mut found);

    let mut golds: BTreeMap<usize, Gold> = BTreeMap::new();
    let mut snapshot = store.snapshot(limits).await?;
    for (at, &(suite, case)) in cases.iter().enumerate() {
        if let Some(gold) =
            check_gold(&mut snapshot, &Door::to_video(catalog, case.video_id), suite, case, &mut found).await?
        {
            golds.insert(at, gold);
        }
    }
    snapshot.close().await;

    for order in ORDERS {
        let mut copy = store.changed(&[reordered(order)], limits).await?;
        let mut kept = BTreeMap::new();
        for (at, gold) in golds {
            let (suite, case) = cases[at];
            let Expected::Sql { kind, sql, ordered, .. } = &case.expected else { continue };
            let again = ran(result::gold(&mut copy, &Door::to_video(catalog, case.video_id), *kind, sql, false).await)?;
            let same = again.is_ok_and(|again| {
                let again = Predicted::Table(again.table);
                judge(mode(*kind), *ordered, std::slice::from_ref(&gold), &again).is_ok_and(|verdict| verdict.right)
            });
            if same {
                kept.insert(at, gold);
            } else {
                let what = "its result depends on the order in which rows are stored; give every ORDER BY that a LIMIT, a \
                            row number or an aggregate relies on a last key that is unique, such as id";
                found.error(suite, case, what.to_owned());
            }
        }
        copy.close().await;
        golds = kept;
    }
    let place = |finding: &Finding| suites.iter().position(|suite| suite.path == finding.path);
    found.0.sort_by_key(|finding| (place(finding), finding.line, finding.severity));
    Ok(found.0)
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{}:{}: {}: {severity}: {}", self.path, self.line, self.case, self.what)
    }
}

struct Found(Vec<Finding>);

impl Found {
    fn error(&mut self, suite: &Suite, case: &Case, what: String) {
        self.add(suite, case, Severity::Error, what);
    }

    fn warning(&mut self, suite: &Suite, case: &Case, what: String) {
        self.add(suite, case, Severity::Warning, what);
    }

    fn add(&mut self, suite: &Suite, case: &Case, severity: Severity, what: String) {
        self.0.push(Finding { path: suite.path.clone(), line: case.line, case: case.id.clone(), severity, what });
    }
}

/// A question that reads otherwise a week later, two hours later or in another year is relative to a moment.
fn check_now(suite: &Suite, case: &Case, video: &Arc<Video>, lexicon: &Lexicon, found: &mut Found) {
    let at = |now: Timestamp| {
        let now = now.to_zoned(video.timezone.clone());
        read(&Question { text: &case.prompt, lang: case.lang, video, now }, lexicon)
    };
    let now = default_now();
    let later = |span: Span| now.checked_add(span).unwrap_or(now);
    let moments = [later(2.hours()), later((7 * 24).hours()), later((400 * 24).hours())];
    let relative = moments.into_iter().any(|moment| at(moment) != at(now));
    if relative && case.now.is_none() && case.kind() != AskedKind::Abstain {
        let what = "it is relative to the moment it is asked at (today, yesterday, the last hour …), and has no `now`; add \
                    one, such as 2026-03-02T10:00:00+09:00";
        found.error(suite, case, what.to_owned());
    }
}

/// The same question of the same video at the same moment.
fn check_prompts(cases: &[(&Suite, &Case)], found: &mut Found) {
    let mut first: BTreeMap<(i64, String, Option<Timestamp>), (&Suite, &Case)> = BTreeMap::new();
    for &(suite, case) in cases {
        let key = (case.video_id, normalise(&case.prompt), case.now);
        match first.get(&key) {
            None => {
                first.insert(key, (suite, case));
            }
            Some((other_suite, other)) => {
                let other_at = format!("{} ({}:{})", other.id, other_suite.path, other.line);
                if other.expected == case.expected {
                    found.warning(suite, case, format!("the same question as {other_at}; remove one"));
                } else {
                    found.error(
                        suite,
                        case,
                        format!("the same question as {other_at}, and another answer; correct or remove one"),
                    );
                }
            }
        }
    }
}

/// Runs the gold; its result if it is one that can be judged against.
async fn check_gold(
    snapshot: &mut Snapshot,
    door: &Door<'_>,
    suite: &Suite,
    case: &Case,
    found: &mut Found,
) -> Result<Option<Gold>, StoreError> {
    let (kind, sql, ordered, may_be_empty) = match &case.expected {
        Expected::Abstain => return Ok(None),
        Expected::Relevant(relevant) => {
            let missing = semantic::missing(snapshot, case.video_id, relevant).await?;
            if !missing.is_empty() {
                let what = format!("video {} has no events {missing:?}; correct `relevant`", case.video_id);
                found.error(suite, case, what);
            }
            return Ok(None);
        }
        Expected::Sql { kind, sql, ordered, may_be_empty } => (*kind, sql, *ordered, *may_be_empty),
    };
    let gold = match ran(result::gold(snapshot, door, kind, sql, ordered).await)? {
        Ok(gold) => gold,
        Err(why) => {
            found.error(suite, case, format!("its `sql`: {why}"));
            return Ok(None);
        }
    };
    let itself = Predicted::Table(gold.table.clone());
    match judge(mode(kind), ordered, std::slice::from_ref(&gold), &itself) {
        Err(bad) => {
            found.error(suite, case, format!("{bad}; correct `sql` or `kind`"));
            return Ok(None);
        }
        Ok(verdict) if !verdict.right => {
            let why = verdict.reason.map_or_else(String::new, |reason| format!(": {}", reason.message));
            found.error(suite, case, format!("its own result is not judged right{why}"));
        }
        Ok(_) => {}
    }
    check_rows(suite, case, kind, &gold, may_be_empty, found);
    match Parsed::of(sql) {
        Err(why) => {
            found.warning(suite, case, format!("its `sql` cannot be read, so its scope was not checked: {why}"))
        }
        Ok(parsed) => {
            for scan in parsed.unscoped(case.video_id) {
                let what =
                    format!("`{scan}` is not held to the video; add video_id = {} to its conditions", case.video_id);
                found.error(suite, case, what);
            }
            match ran(cut::check(snapshot, door, sql, &parsed, ordered).await)? {
                Ok(all) => all.into_iter().for_each(|(severity, what)| found.add(suite, case, severity, what)),
                Err(why) => found.warning(suite, case, format!("whether its LIMIT cuts a tie was not seen: {why}")),
            }
        }
    }
    Ok(Some(gold))
}

/// Empty, and twice the same.
fn check_rows(suite: &Suite, case: &Case, kind: AskedKind, gold: &Gold, may_be_empty: bool, found: &mut Found) {
    let rows = &gold.table.rows;
    let nothing = rows.is_empty() || (kind == AskedKind::Scalar && rows[0][0] == super::cell::Cell::Null);
    if nothing && !may_be_empty {
        let what = "its result is empty, which many a wrong statement returns too; ask for what is there, or say \
                    `empty: true`";
        found.warning(suite, case, what.to_owned());
    }
    let key = match kind {
        AskedKind::Events => gold.table.column("id").unwrap_or(0),
        AskedKind::Groups => 0,
        _ => return,
    };
    let mut keys: Vec<_> = rows.iter().map(|row| &row[key]).collect();
    keys.sort();
    if let Some(twice) = keys.windows(2).find(|two| two[0] == two[1]) {
        let name = if kind == AskedKind::Events { "id" } else { "key" };
        let what = format!(
            "{name} {} stands in its result more than once; use DISTINCT, or EXISTS in place of a join",
            twice[0]
        );
        found.error(suite, case, what);
    }
}

/// What the statement is to blame for, apart from what the database is.
fn ran<T>(ran: Result<T, NotRun>) -> Result<Result<T, String>, StoreError> {
    match ran {
        Ok(value) => Ok(Ok(value)),
        Err(error) => Ok(Err(error.of_statement()?.to_string())),
    }
}
