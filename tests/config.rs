//! The settings: where they come from, and that every mistake in them is told at once.

use std::{ffi::OsString, fs, path::PathBuf, time::Duration};

use askline::{
    bedrock::Credentials,
    config::{Config, ConfigError, Flags},
};

type Env = &'static [(&'static str, &'static str)];

#[test]
fn every_mistake_is_told_at_once_with_file_line_and_field() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/typos.yaml");
    let told =
        load(file.into(), &[("DATABASE_URL", "mysql://root:hunter2@db"), ("ASKLINE_REQUEST_TIMEOUT_MS", "soon")])
            .err()
            .unwrap()
            .to_string()
            .replace(file, "typos.yaml");
    let expected = [
        "typos.yaml:2: `databse_url` is not a setting; is `database_url` meant?",
        "typos.yaml:8: `strategy` is given twice",
        "typos.yaml:10: `colour` is not a setting",
        "typos.yaml:4: `engine` is to be auto, embedded or native",
        "DATABASE_URL: `database_url` is to be postgres://user:password@host:port/database",
        "typos.yaml:5: `pool_size` is to be a whole number above 0",
        "typos.yaml:6: `host` is to be one value",
        "typos.yaml:3: `port` is to be a port, 0 to 65535",
        "ASKLINE_REQUEST_TIMEOUT_MS: `request_timeout_ms` is to be a whole number above 0",
        "typos.yaml:9: `log` is to be a level such as info, or directives such as askline=debug,warn",
    ];
    assert_eq!(told, expected.join("\n"));
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.yaml");
    fs::write(&file, "port: 1111\nhost: 0.0.0.0\nstatement_timeout_ms: 250\nlexicon: [more.yaml]\npool_size:\n")
        .unwrap();
    let config = load(file.clone(), &[]).unwrap();
    assert_eq!((config.http.host.as_str(), config.http.port), ("0.0.0.0", 1111));
    assert_eq!(config.statement_timeout, Duration::from_millis(250));
    assert_eq!(config.lexicon, [folder.path().join("more.yaml")], "beside the file that names it");

    let config = load(file.clone(), &[("ASKLINE_PORT", "2222"), ("ASKLINE_HOST", "")]).unwrap();
    assert_eq!((config.http.host.as_str(), config.http.port), ("0.0.0.0", 2222));

    let flags = Flags { config: Some(file), port: Some(3333), ..Flags::default() };
    assert_eq!(gather(&flags, &[("ASKLINE_PORT", "2222")]).unwrap().http.port, 3333);
}

#[test]
fn a_named_file_has_to_be_there() {
    let told = load("/nowhere/askline.yaml".into(), &[]).err().unwrap().to_string();
    assert!(told.starts_with("/nowhere/askline.yaml: `config` cannot be read"), "{told}");
    for (text, expected) in
        [("- a\n- b\n", ":1: `config` is not `key: value`"), ("a: [\n", ": `config` is not `key: value`"), ("", "")]
    {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("askline.yaml");
        fs::write(&file, text).unwrap();
        let told = load(file, &[]).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(told.is_err(), !expected.is_empty(), "{text:?}");
        assert!(told.err().is_none_or(|told| told.contains(expected)), "{text:?}");
    }
}

#[test]
fn a_password_is_never_repeated() {
    for url in ["postgres//me:hunter2@db/events", "mysql://me:hunter2@db/events"] {
        let flags = Flags { database_url: Some(url.to_owned()), ..Flags::default() };
        let told = gather(&flags, &[]).err().unwrap();
        assert!(!format!("{told} {told:?}").contains("hunter2"), "{told}");
    }
}

#[test]
fn bedrock_is_asked_only_when_it_is_switched_on() {
    let seed: Env = &[
        ("AWS_BEDROCK_REGION", "ap-northeast-2"),
        ("AWS_BEDROCK_MODEL_ID", "anthropic.claude-3-sonnet-20240229-v1:0"),
        ("AWS_BEDROCK_EMBEDDING_MODEL_ID", "amazon.titan-embed-text-v1"),
        ("AWS_BEDROCK_KNOWLEDGE_BASE_ID", "ABCDEFGHIJ"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "hunter2"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ];
    let with = |more: &[(&'static str, &'static str)]| -> Env { Box::leak([seed, more].concat().into_boxed_slice()) };
    assert!(gather(&Flags::default(), with(&[])).unwrap().bedrock.is_none());
    assert!(gather(&Flags::default(), with(&[("USE_BEDROCK", "False")])).unwrap().bedrock.is_none());

    let config = gather(&Flags::default(), with(&[("USE_BEDROCK", "true")])).unwrap();
    let bedrock = config.bedrock.unwrap();
    assert_eq!(bedrock.client.region.as_deref(), Some("ap-northeast-2"));
    assert_eq!(config.model.as_deref(), Some("anthropic.claude-3-sonnet-20240229-v1:0"));
    assert_eq!(bedrock.embedding_model.as_deref(), Some("amazon.titan-embed-text-v1"));
    assert_eq!(bedrock.knowledge_base.as_deref(), Some("ABCDEFGHIJ"));
    assert!(matches!(&bedrock.client.credentials, Credentials { keys: Some(_), bearer: None }));

    let other: Env = &[("USE_BEDROCK", "TRUE"), ("AWS_DEFAULT_REGION", "us-east-1"), ("AWS_BEARER_TOKEN_BEDROCK", "t")];
    let bedrock = gather(&Flags::default(), other).unwrap().bedrock.unwrap();
    assert_eq!(bedrock.client.region.as_deref(), Some("us-east-1"));
    assert!(matches!(&bedrock.client.credentials, Credentials { keys: None, bearer: Some(_) }));

    let wrong: Env = &[
        ("USE_BEDROCK", "yes"),
        ("AWS_BEDROCK_MODEL_ID", "my model"),
        ("AWS_BEDROCK_KNOWLEDGE_BASE_ID", "kb"),
        ("AWS_SECRET_ACCESS_KEY", "hunter2"),
        ("ASKLINE_BEDROCK_CONCURRENCY", "0"),
    ];
    let expected = [
        "AWS_BEDROCK_MODEL_ID: `bedrock_model_id` is to be a model id, an inference profile or an ARN",
        "USE_BEDROCK: `use_bedrock` is to be true or false",
        "AWS_BEDROCK_KNOWLEDGE_BASE_ID: `bedrock_knowledge_base_id` is to be 10 letters and digits, or an ARN",
        "AWS_SECRET_ACCESS_KEY: `AWS_SECRET_ACCESS_KEY` is set without AWS_ACCESS_KEY_ID",
        "ASKLINE_BEDROCK_CONCURRENCY: `bedrock_concurrency` is to be a whole number, 1 to 1000",
    ];
    assert_eq!(gather(&Flags::default(), wrong).err().unwrap().to_string(), expected.join("\n"));
}

fn load(file: PathBuf, env: Env) -> Result<Config, ConfigError> {
    gather(&Flags { config: Some(file), ..Flags::default() }, env)
}

fn gather(flags: &Flags, env: Env) -> Result<Config, ConfigError> {
    let lookup = |name: &str| env.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
    Config::gather(flags, false, &lookup)
}
