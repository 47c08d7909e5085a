//! `askline ask`: one question, one answer.

use anyhow::bail;
use jiff::Timestamp;

use super::{CALLER, End, explain, output};
use crate::{
    assemble::{self, With},
    config::Config,
    engine::{Ask, AskError, Engine, Outcome},
    http,
    question::Lang,
    store::Store,
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The question, in Korean, English, Japanese or Chinese
    prompt: String,
    /// The video it is about
    #[arg(long, value_name = "ID")]
    video: i64,
    /// Load the sample videos first, if they are not there
    #[arg(long)]
    demo: bool,
    /// The answer as POST /api/prompt/ gives it
    #[arg(long)]
    json: bool,
    /// How the question was read, the SQL and the time of each step
    #[arg(long, conflicts_with = "json")]
    explain: bool,
    /// What "today" is relative to, as in 2026-03-01T09:30:00+09:00 [default: now]
    #[arg(long, value_name = "MOMENT")]
    now: Option<Timestamp>,
    /// Language of question and answer: ko, en, ja or zh [default: as detected]
    #[arg(long, value_parser = lang)]
    lang: Option<Lang>,
    /// A strategy, a rung, or a strategy file [default: the setting `strategy`]
    #[arg(long)]
    strategy: Option<String>,
}

pub(super) async fn run(config: &Config, mut args: Args) -> anyhow::Result<End> {
    let named = args.strategy.as_deref().map(assemble::strategy);
    let (name, file) = named.map_or((None, None), |(name, file)| (Some(name), file));
    args.strategy = name;
    let (store, engine) =
        assemble::engine(config, &With { demo: args.demo, strategies: file.into_iter().collect(), ..With::default() })
            .await?;
    let ended = ask(&store, &engine, args).await;
    store.close().await;
    ended
}

async fn ask(store: &Store, engine: &Engine, args: Args) -> anyhow::Result<End> {
    let ask = Ask {
        prompt: args.prompt,
        video_id: args.video,
        lang: args.lang,
        now: args.now.unwrap_or_else(Timestamp::now),
        strategy: args.strategy,
        caller: CALLER.to_owned(),
    };
    let reply = match engine.ask(ask).await {
        Ok(reply) => reply,
        Err(AskError::UnknownVideo(_)) if store.reader.videos().await.is_ok_and(|videos| videos.is_empty()) => {
            bail!("the database has no videos yet; load yours with `askline load FILES…`, or add --demo for a sample")
        }
        Err(error @ AskError::UnknownVideo(_)) => bail!("{error}; `askline videos` lists them"),
        Err(error) => return Err(error.into()),
    };
    if args.json {
        let request_id = uuid::Uuid::new_v4().to_string();
        output::line(&serde_json::to_string(&http::Body::new(&reply, &request_id))?)?;
    } else if args.explain {
        output::line(&explain::text(&reply))?;
    } else {
        output::line(&reply.words)?;
    }
    Ok(match reply.outcome {
        Outcome::Answered(_) | Outcome::Empty(_) => End::Done,
        Outcome::Abstained(_) => End::Abstained,
        Outcome::Failed(_) => End::CouldNotLook,
    })
}

fn lang(text: &str) -> Result<Lang, String> {
    serde_json::from_value(text.into()).map_err(|_| "one of ko, en, ja, zh is expected".to_owned())
}
