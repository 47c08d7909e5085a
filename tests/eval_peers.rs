//! Verdicts beside those of BIRD's, Spider's and defog's own code; `fixtures/eval/README.md` says how those were made.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which clippy does not see as tests")]

use askline::eval::pairs::{Judged, Pair};
use serde_json::Value as Json;

#[test]
fn random_pairs_have_the_peers_verdict() {
    let mut wrong = Vec::new();
    let mut pairs = 0;
    for line in include_str!("fixtures/eval/peers.jsonl").lines() {
        let mut pair: Json = serde_json::from_str(line).unwrap();
        let fields = pair.as_object_mut().unwrap();
        let right = fields.remove("right").unwrap().as_bool().unwrap();
        let soft_f1 = fields.remove("soft_f1").map(|score| score.as_f64().unwrap());
        let judged = judge(&pair.to_string());
        pairs += 1;
        if judged.right != right {
            wrong.push(format!("the peer says {right}: {judged:?}\n    {line}"));
        }
        // A value twice in a row or rows with the same cells elsewhere: BIRD gives 1 to what it says is wrong.
        if let Some(expected) = soft_f1.filter(|score| right || *score < 1.0) {
            assert!((judged.soft_f1 - expected).abs() < 1e-12, "{} is not {expected}: {line}", judged.soft_f1);
        }
    }
    assert!(wrong.is_empty(), "{} of {pairs}:\n{}", wrong.len(), wrong.join("\n"));
}

fn judge(line: &str) -> Judged {
    Pair::from_json(line).unwrap().judge().unwrap()
}
