//! Amazon Bedrock: its chat models, embeddings, knowledge bases and rerankers behind the seams of
//! [`model`](crate::model), the only place of the AWS SDK.

mod account;
mod advice;
mod chat;
mod check;
mod client;
mod embed;
mod error;
mod invoke;
mod knowledge_base;
mod rerank;
mod settings;
mod stream;
mod wire;

pub use self::{
    account::Listed,
    check::{Checked, Finding, State, check, glance},
    client::Bedrock,
    embed::Embeddings,
    knowledge_base::{Citation, Generated, Generation},
    rerank::Reranking,
    settings::{Capabilities, Credentials, Keys, Settings, ToolUse},
};
