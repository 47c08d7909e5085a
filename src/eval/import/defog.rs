//! defog's way of writing several golds into one: alternatives with `;`, and columns of which any will do in braces.
//!
//! As `get_all_minimal_queries` of sql-eval has it: `SELECT {a, b} FROM t GROUP BY {}` is three golds, with a, with b,
//! and with both; `{}` after GROUP BY stands for the same columns. Otherwise than there, what is quoted is left alone,
//! and a comma within parentheses parts no columns.

/// The statements a written gold stands for, in sql-eval's order.
///
/// # Errors
/// Braces that do not close, or that are more than one list; no statement at all.
pub(super) fn golds(written: &str) -> Result<Vec<String>, String> {
    let mut golds = Vec::new();
    for one in split(written, ';') {
        let one = one.trim();
        if !one.is_empty() {
            golds.extend(expanded(one)?);
        }
    }
    if golds.is_empty() { Err("the query is empty".to_owned()) } else { Ok(golds) }
}

/// sql-eval compares the order of rows for these.
pub(super) fn asks_for_order(question: &str, category: Option<&str>) -> bool {
    let words = question.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    category == Some("order_by")
        || words.map(str::to_lowercase).any(|w| ["order", "sort", "arrange"].contains(&w.as_str()))
}

/// More would be no gold any more: 2 to the power of it.
const MOST: usize = 8;

fn expanded(one: &str) -> Result<Vec<String>, String> {
    let Some(open) = places(one, '{').next() else { return Ok(vec![one.to_owned()]) };
    let Some(close) = places(one, '}').find(|close| *close > open) else {
        return Err(format!("a brace does not close: {one}"));
    };
    let columns: Vec<&str> = split(&one[open + 1..close], ',').into_iter().map(str::trim).collect();
    let (before, after) = (&one[..open], &one[close + 1..]);
    if columns.len() > MOST || columns.iter().any(|column| column.is_empty()) {
        return Err(format!("braces hold 1 to {MOST} columns: {one}"));
    }
    let rest = after.replace("GROUP BY {}", "");
    if places(&rest, '{').next().is_some() {
        return Err(format!("only one list of columns may stand in braces, and `GROUP BY {{}}` after it: {one}"));
    }
    // By their number, then in the order of the places: what itertools.combinations gives.
    let mut choices: Vec<Vec<usize>> = (1_u32..1 << columns.len())
        .map(|bits| (0..columns.len()).filter(|at| bits & (1 << at) != 0).collect())
        .collect();
    choices.sort_by(|a: &Vec<usize>, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    let gold = |choice: Vec<usize>| {
        let chosen: Vec<&str> = choice.into_iter().map(|at| columns[at]).collect();
        let chosen = chosen.join(", ");
        format!("{before}{chosen}{}", after.replace("GROUP BY {}", &format!("GROUP BY {chosen}")))
    };
    Ok(choices.into_iter().map(gold).collect())
}

/// At each `mark` that is neither quoted nor within parentheses.
fn split(text: &str, mark: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut begin = 0;
    for at in places(text, mark) {
        let depth: i64 = places(&text[begin..at], '(').count() as i64 - places(&text[begin..at], ')').count() as i64;
        if depth <= 0 {
            parts.push(&text[begin..at]);
            begin = at + mark.len_utf8();
        }
    }
    parts.push(&text[begin..]);
    parts
}

/// Where `mark` stands outside of quotes.
fn places(text: &str, mark: char) -> impl Iterator<Item = usize> {
    let mut quote = None;
    text.char_indices().filter_map(move |(at, c)| {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '\'' || c == '"' => quote = Some(c),
            None if c == mark => return Some(at),
            None => {}
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_and_columns_are_expanded() {
        for (written, expected) in [
            ("SELECT a FROM t", vec!["SELECT a FROM t"]),
            (" SELECT a ; SELECT b;", vec!["SELECT a", "SELECT b"]),
            (
                "SELECT {u.id, u.name}, count(*) FROM u GROUP BY {} ORDER BY 2;",
                vec![
                    "SELECT u.id, count(*) FROM u GROUP BY u.id ORDER BY 2",
                    "SELECT u.name, count(*) FROM u GROUP BY u.name ORDER BY 2",
                    "SELECT u.id, u.name, count(*) FROM u GROUP BY u.id, u.name ORDER BY 2",
                ],
            ),
            (
                "SELECT {a,b,c}",
                vec!["SELECT a", "SELECT b", "SELECT c", "SELECT a, b", "SELECT a, c", "SELECT b, c", "SELECT a, b, c"],
            ),
            ("SELECT {f(a, b), c}", vec!["SELECT f(a, b)", "SELECT c", "SELECT f(a, b), c"]),
            ("SELECT ';', '{x}', \"{\" FROM t", vec!["SELECT ';', '{x}', \"{\" FROM t"]),
            ("SELECT 'it''s; ok' ; SELECT 2", vec!["SELECT 'it''s; ok'", "SELECT 2"]),
        ] {
            assert_eq!(golds(written).unwrap(), expected, "{written}");
        }
        for wrong in ["", " ; ;", "SELECT {a, b", "SELECT {}", "SELECT {a, b}, {c, d}", "SELECT {a,b,c,d,e,f,g,h,i}"] {
            assert!(golds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn order_is_asked_for_by_word_or_category() {
        assert!(asks_for_order("Sort them by age.", None) && asks_for_order("x", Some("order_by")));
        assert!(!asks_for_order("The ordered items, in border cities", Some("group_by")));
    }
}
