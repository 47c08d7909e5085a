//! What keeps the documents of a knowledge base up to date, put together from the settings.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};

use super::Outside;
use crate::{
    bedrock::{Bedrock, Bucket, DataSource},
    config::Config,
    cost::Models,
    index::{
        Detail, Template,
        knowledge_base::{Pace, Sync, Target},
    },
    model::KnowledgeBase,
    replay::{Mode, Nobody, Taped},
    store::{Limits, Store},
    strategy::{
        knowledge_base::{Knowledge, StandIn},
        vector::Search,
    },
};

/// Where documents go, beyond the settings.
#[derive(Debug, Clone, Default)]
pub struct SyncTo {
    pub data_source: Option<String>,
    /// `BUCKET` or `BUCKET/PREFIX`.
    pub bucket: Option<String>,
    /// Between two looks at what is being indexed.
    pub look: Option<Duration>,
}

/// What is asked, or stands in: of a knowledge base that is set, the recordings or Bedrock; else the index of this machine.
pub(super) fn knowledge(
    config: &Config,
    outside: &Outside,
    store: &Store,
    limits: Limits,
) -> anyhow::Result<Knowledge> {
    let set = config.bedrock.as_ref().and_then(|settings| settings.knowledge_base.clone());
    let base: Arc<dyn KnowledgeBase> = match (&set, &outside.tape, &outside.bedrock) {
        (Some(_), Some((tape, Mode::Replay)), _) => Arc::new(Taped { tape: tape.clone(), live: Arc::new(Nobody) }),
        (Some(_), Some((tape, _)), Some(bedrock)) => Arc::new(Taped { tape: tape.clone(), live: bedrock.clone() }),
        (Some(_), None, Some(bedrock)) => bedrock.clone(),
        _ => {
            let search = Search::new(store.vectors.clone(), super::embedders(config, outside)?);
            Arc::new(StandIn { search, reader: store.reader.clone(), limits })
        }
    };
    Ok(Knowledge {
        base,
        id: set.unwrap_or_else(|| "stand-in".to_owned()),
        prices: outside.prices.clone(),
        default_model: super::default_model(config),
    })
}

/// How often the SDK sends what was throttled: nobody waits for a single request here.
const ATTEMPTS: u32 = 8;
/// Of a request that only asks.
const LIMIT: Duration = Duration::from_secs(30);

pub(super) async fn sync(config: &Config, store: &Store, to: &SyncTo) -> anyhow::Result<Sync> {
    let Some(settings) = &config.bedrock else {
        bail!("nothing is sent to AWS: set USE_BEDROCK=true");
    };
    let Some(base) = &settings.knowledge_base else {
        bail!("no knowledge base is set: set AWS_BEDROCK_KNOWLEDGE_BASE_ID to its id");
    };
    let base = base.rsplit('/').next().unwrap_or(base);
    let mut client = super::client(settings, &Models::builtin()?);
    client.attempts = ATTEMPTS;
    let bedrock = Arc::new(Bedrock::new(client).await);
    let named = to.data_source.as_ref().or(settings.data_source.as_ref());
    let source = match named {
        Some(source) => source.clone(),
        None => only_source(&bedrock, base).await?,
    };
    let source = DataSource::new(bedrock.clone(), base, &source);
    let kind = source.kind(LIMIT).await.context("the data source cannot be looked at")?;
    let target = match (&to.bucket, kind.as_str()) {
        (None, "CUSTOM") => Target::Direct(source),
        (Some(place), "S3") => {
            let bucket = Bucket::new(bedrock, place).map_err(anyhow::Error::msg).context("--s3")?;
            Target::Bucket { source, bucket }
        }
        (None, "S3") => bail!("the data source {} reads a bucket: name it with --s3 BUCKET", source.id),
        (None, _) => bail!("the data source {} is of the type {kind}, and takes no documents", source.id),
        (Some(_), _) => bail!(
            "the data source {} is of the type {kind}, and reads no bucket: leave --s3 out, or name another with \
             --data-source",
            source.id
        ),
    };
    let remembered = match &target {
        Target::Direct(source) => source.id.clone(),
        Target::Bucket { source, bucket } => format!("{} {}", source.id, bucket.uri("")),
    };
    let pace = Pace::default();
    Ok(Sync {
        documents: store.documents(base, &remembered),
        target,
        template: Template { window: config.index_window, detail: Detail::Full },
        pace: Pace { look: to.look.unwrap_or(pace.look), ..pace },
    })
}

async fn only_source(bedrock: &Bedrock, base: &str) -> anyhow::Result<String> {
    let mut sources = bedrock.data_sources(base, LIMIT).await.context("the data sources cannot be listed")?;
    match sources.len() {
        1 => Ok(sources.remove(0).0),
        0 => bail!("the knowledge base {base} has no data source: make one of the type CUSTOM in the Bedrock console"),
        _ => {
            let all: Vec<String> = sources.iter().map(|(id, name)| format!("{id} ({name})")).collect();
            bail!(
                "the knowledge base {base} has several data sources, {}: name one with --data-source or \
                 ASKLINE_BEDROCK_DATA_SOURCE_ID",
                all.join(", ")
            )
        }
    }
}
