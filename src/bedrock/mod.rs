//! Amazon Bedrock: its chat models, embeddings, knowledge bases and rerankers behind the seams of
//! [`model`](crate::model), the only place of the AWS SDK.

mod account;
mod advice;
mod chat;
mod check;
mod client;
mod documents;
mod embed;
mod error;
mod invoke;
mod knowledge_base;
mod objects;
mod rerank;
mod settings;
mod stream;
mod wire;

pub use self::{
    account::Listed,
    check::{Checked, Finding, State, check, glance},
    client::Bedrock,
    documents::{DataSource, Described, Document, Ended, Job, MOST as DOCUMENTS, State as DocumentState, Told},
    embed::Embeddings,
    objects::Bucket,
    rerank::Reranking,
    settings::{Capabilities, Credentials, Keys, Settings, ToolUse},
};
