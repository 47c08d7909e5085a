//! Amazon Bedrock's chat models as [`ChatModel`](crate::model::ChatModel): the only place of the AWS SDK.

mod advice;
mod chat;
mod client;
mod error;
mod settings;
mod stream;
mod wire;

pub use self::{
    client::Bedrock,
    settings::{Capabilities, Credentials, Settings, ToolUse},
};
