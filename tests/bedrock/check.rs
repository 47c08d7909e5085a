//! `askline check` of Bedrock: a line for each thing that is set up, and what to do.

use std::time::Duration;

use askline::{
    bedrock::{Checked, Finding, State, check, glance},
    cost::Models,
};

use crate::{LIMIT, stand_in::StandIn};

const SCRIPT: &str = "
catalog:
  - {id: anthropic.claude-sonnet-4-6, profile_only: true}
  - {id: amazon.titan-embed-text-v2:0}
inference_profiles: [global.anthropic.claude-sonnet-4-6, global.anthropic.claude-sonnet-5]
knowledge_bases: [{id: KBASE00001, data_source: DSOURCE001, documents: [{id: evt-1, text: an event}]}]
";

#[tokio::test]
async fn each_thing_has_its_line() {
    let checked = Checked {
        chat: vec!["global.anthropic.claude-sonnet-4-6".to_owned()],
        embedding: Some("amazon.titan-embed-text-v2:0".to_owned()),
        embedding_dimensions: Some(512),
        knowledge_base: Some("KBASE00001".to_owned()),
        data_source: None,
        rerank: Some("amazon.rerank-v1:0".to_owned()),
        today: "2026-11-22".to_owned(),
    };
    let with = |change: &dyn Fn(&mut Checked)| {
        let mut changed = checked.clone();
        change(&mut changed);
        changed
    };
    let model = |name: &'static str| with(&move |checked| checked.chat = vec![name.to_owned()]);
    let mut told = String::new();
    for (title, rules, checked) in [
        ("all is well", "- reply: {text: 'yes', results: [{content: {text: a}}]}", checked.clone()),
        (
            "an ended model that still answers",
            "- reply: {text: 'yes'}",
            model("anthropic.claude-3-sonnet-20240229-v1:0"),
        ),
        (
            "an ended model that is gone",
            "- {when: {operation: converse}, error: {code: ResourceNotFoundException, message: This model version has \
             reached the end of its life.}}\n  - reply: {}",
            model("anthropic.claude-3-sonnet-20240229-v1:0"),
        ),
        (
            "a bare id of what has profiles only",
            "- {when: {operation: converse}, error: {code: ValidationException, message: Invocation of model ID X with \
             on-demand throughput isn't supported.}}\n  - reply: {}",
            model("anthropic.claude-sonnet-4-6"),
        ),
        ("a model that nobody knows", "- reply: {text: 'yes'}", model("my.model-v1:0")),
        (
            "no access",
            "- {when: {operation: converse}, error: {code: AccessDeniedException, message: \"You don't have access to the \
             model with the specified model ID.\"}}\n  - reply: {}",
            checked.clone(),
        ),
        ("an empty knowledge base", "- reply: {text: 'yes', results: []}", checked.clone()),
        (
            "lists that are not allowed",
            "- {when: {operation: list_foundation_models}, error: {code: AccessDeniedException, message: not authorized to \
             perform}}\n  - reply: {text: 'yes'}",
            checked.clone(),
        ),
        ("wrong keys", "- error: {code: UnrecognizedClientException}", checked.clone()),
        (
            "a dimension that there is not",
            "- reply: {text: 'yes'}",
            with(&|checked| checked.embedding_dimensions = Some(300)),
        ),
    ] {
        let sim = StandIn::with(&format!("{SCRIPT}rules:\n  {rules}"), |_| {}).await;
        let found = check(&sim.bedrock, &checked, &Models::builtin().unwrap(), LIMIT).await;
        told.push_str(&format!("# {title}\n{}\n", lines(&found)));
    }
    // How long a reply took is not always the same.
    let told = regex::Regex::new(r"after \d+ ms").unwrap().replace_all(&told, "after N ms").into_owned();
    insta::assert_snapshot!(told);
}

#[tokio::test]
async fn a_check_ends_though_nothing_answers() {
    let sim = StandIn::with("rules: [{fault: {what: hang}}]", |_| {}).await;
    let checked = Checked { knowledge_base: Some("KBASE00001".to_owned()), ..Checked::default() };
    let found = check(&sim.bedrock, &checked, &Models::builtin().unwrap(), Duration::from_millis(300)).await;
    let states: Vec<_> = found.iter().map(|finding| finding.state).collect();
    assert_eq!(states, [State::Ok, State::Warning, State::Warning, State::Failed], "{found:?}");
}

#[test]
fn a_glance_tells_what_the_settings_and_the_table_say() {
    let checked = |chat: &str, embedding: &str, today: &str| Checked {
        chat: vec![chat.to_owned()],
        embedding: Some(embedding.to_owned()),
        today: today.to_owned(),
        ..Checked::default()
    };
    let table = Models::builtin().unwrap();
    let mut told = String::new();
    for (region, checked) in [
        (
            Some("ap-northeast-2"),
            checked("global.anthropic.claude-sonnet-4-6", "amazon.titan-embed-text-v2:0", "2026-11-22"),
        ),
        (None, checked("anthropic.claude-3-sonnet-20240229-v1:0", "amazon.titan-embed-text-v1", "2026-11-22")),
        (
            Some("ap-northeast-2"),
            checked("anthropic.claude-sonnet-4-6", "global.anthropic.claude-sonnet-4-6", "2026-11-22"),
        ),
        (
            Some("us-east-1"),
            checked("global.anthropic.claude-sonnet-4-5-20250929-v1:0", "cohere.embed-multilingual-v3", "2026-11-22"),
        ),
        (
            Some("us-east-1"),
            checked("global.anthropic.claude-sonnet-4-5-20250929-v1:0", "cohere.embed-multilingual-v3", "2027-06-01"),
        ),
    ] {
        told.push_str(&format!("# {region:?}, {}\n{}\n", checked.today, lines(&glance(region, &checked, &table))));
    }
    insta::assert_snapshot!(told);
}

fn lines(found: &[Finding]) -> String {
    found.iter().map(|one| format!("{:?} {}: {}\n", one.state, one.what, one.says)).collect()
}
