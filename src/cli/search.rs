//! `askline search`: the events whose descriptions are nearest to some words.

use anyhow::bail;
use jiff::Timestamp;

use super::{CALLER, End, output};
use crate::{
    answer::{Answer, Hit},
    assemble::{self, With},
    config::Config,
    engine::{AskError, Engine, Look, Outcome, Sought},
    http,
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What is looked for, in Korean or English
    query: String,
    /// The video it is looked for in
    #[arg(long, value_name = "ID")]
    video: i64,
    /// How many events are shown
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=100))]
    limit: u16,
    /// Load the sample videos first, if they are not there
    #[arg(long)]
    demo: bool,
    /// The hits as POST /api/search/ gives them
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<End> {
    let (store, engine) = assemble::engine(config, &With { demo: args.demo, ..With::default() }).await?;
    let ended = search(&engine, args).await;
    store.close().await;
    ended
}

async fn search(engine: &Engine, args: &Args) -> anyhow::Result<End> {
    let look = Look {
        text: args.query.clone(),
        video_id: args.video,
        lang: None,
        now: Timestamp::now(),
        most: usize::from(args.limit),
        legs: None,
        caller: CALLER.to_owned(),
    };
    let sought = match engine.search(look).await {
        Ok(sought) => sought,
        Err(error @ AskError::UnknownVideo(_)) => bail!("{error}; `askline videos` lists them"),
        Err(error) => return Err(error.into()),
    };
    if args.json {
        let request_id = uuid::Uuid::new_v4().to_string();
        output::line(&serde_json::to_string(&http::SearchBody::new(&sought, &request_id))?)?;
    } else {
        output::line(&told(&sought))?;
    }
    Ok(match sought.outcome {
        Outcome::Answered(_) | Outcome::Empty(_) => End::Done,
        Outcome::Abstained(_) => End::Abstained,
        Outcome::Failed(_) => End::CouldNotLook,
    })
}

fn told(sought: &Sought) -> String {
    match &sought.outcome {
        Outcome::Answered(Answer::Hits(hits)) => {
            let mut lines: Vec<String> = hits.hits.iter().map(line).collect();
            if hits.underfilled {
                lines.push("there may be more: the approximate index found no others; ask with fewer conditions, or a larger --limit".to_owned());
            }
            lines.join("\n")
        }
        Outcome::Answered(_) | Outcome::Empty(_) => {
            "no event satisfies the conditions (time, place, person …) of these words; ask with fewer".to_owned()
        }
        other => other.reason().map(|(_, message)| message).unwrap_or_default(),
    }
}

/// Score, legs, event: `0.1964  meaning 0.48, letters 60% (모자)  12:30  #61 theft  …`.
fn line(hit: &Hit) -> String {
    let legs = [
        hit.cosine.filter(|_| hit.vector_rank.is_some()).map(|cosine| format!("meaning {cosine:.2}")),
        hit.share.map(|share| format!("letters {:.0}% ({})", 100.0 * share, hit.words.join(", "))),
        hit.reranked.map(|score| format!("reranked {score:.2}")),
    ];
    let legs: Vec<String> = legs.into_iter().flatten().collect();
    let event = &hit.event;
    let seconds = event.timestamp as u64;
    let told = event.description.as_deref().or(event.action_detected.as_deref()).unwrap_or("");
    let told = told.replace(|c: char| c.is_control(), " ");
    format!(
        "{:.4}  {}  {:02}:{:02}  #{} {}  {told}",
        hit.score,
        legs.join(", "),
        seconds / 60,
        seconds % 60,
        event.id,
        event.event_type
    )
}
