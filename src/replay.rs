//! Exchanges with models, kept on disk and played back: evaluation without a network and without paying twice.
//!
//! One file an exchange, `DIR/KIND/HASH.json`, where HASH is the SHA-256 of the whole request as JSON (32 hexadecimal
//! digits of it): what is asked in other words, of another model or with other settings is another exchange. It holds
//! the request and, for each repeat of a run, the response with its usage and time. There are no credentials in it,
//! because there are none in a request.

use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::model::{
    Chat, ChatModel, Completion, Embedded, Embedder, ErrorKind, Generated, Generation, KnowledgeBase, ModelError,
    Pending, Purpose, Reranked, Reranker, Retrieval, Retrieved, Space,
};

/// What happens to an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Everything is asked, and kept over what was there.
    Record,
    /// Nothing is asked; what was not recorded is an error.
    Replay,
    /// What was recorded is played back; the rest is asked, and kept.
    ReplayAndRecord,
}

/// A directory of exchanges.
#[derive(Debug)]
pub struct Tape {
    dir: PathBuf,
    mode: Mode,
    /// The exchanges of this run, by file: the same one is not asked twice at once.
    open: Mutex<HashMap<PathBuf, Arc<tokio::sync::Mutex<Done>>>>,
}

/// The repeats of an exchange that this run has asked itself; they are not asked again.
type Done = Vec<u32>;

tokio::task_local! {
    /// Which repeat of a run asks, from 0: a repeat is never served with the response of another.
    static REPEAT: u32;
}

/// Runs `work` as the repeat of this number.
pub async fn as_repeat<T>(repeat: u32, work: impl Future<Output = T>) -> T {
    REPEAT.scope(repeat, work).await
}

/// A file of the tape.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchange {
    request: Json,
    /// By repeat.
    responses: BTreeMap<u32, Json>,
}

impl Tape {
    /// # Errors
    /// The directory cannot be made; to replay, it has to be there.
    pub fn open(dir: &Path, mode: Mode) -> io::Result<Self> {
        if mode == Mode::Replay {
            fs::read_dir(dir)?;
        } else {
            fs::create_dir_all(dir)?;
        }
        Ok(Self { dir: dir.to_owned(), mode, open: Mutex::default() })
    }

    /// The response to a request of a kind (`chat`, `embed` …): from the tape or, where the mode allows it, by `live`,
    /// which is then kept. What failed is not kept.
    ///
    /// # Errors
    /// Those of `live`; [`ErrorKind::NotRecorded`]; [`ErrorKind::BadReply`] for a file that cannot be read or written.
    pub async fn exchange<Q: Serialize, R: Serialize + DeserializeOwned>(
        &self,
        kind: &str,
        request: &Q,
        live: impl Future<Output = Result<R, ModelError>>,
    ) -> Result<R, ModelError> {
        let request = serde_json::to_value(request).map_err(|error| broken(&self.dir, &error.to_string()))?;
        let path = self.dir.join(kind).join(format!("{}.json", hash(&request)));
        let repeat = REPEAT.try_with(|repeat| *repeat).unwrap_or(0);
        let lock = self.open.lock().unwrap_or_else(PoisonError::into_inner).entry(path.clone()).or_default().clone();
        let mut done = lock.lock().await;
        let mut kept = read(&path, &request)?;
        let fresh = self.mode == Mode::Record && !done.contains(&repeat);
        if let Some(response) = kept.responses.get(&repeat).filter(|_| !fresh) {
            return serde_json::from_value(response.clone()).map_err(|error| broken(&path, &error.to_string()));
        }
        if self.mode == Mode::Replay {
            return Err(not_recorded(kind, &path, repeat, kept.responses.len()));
        }
        let response = live.await?;
        let json = serde_json::to_value(&response).map_err(|error| broken(&path, &error.to_string()))?;
        kept.responses.insert(repeat, json);
        write(&path, &kept)?;
        done.push(repeat);
        Ok(response)
    }
}

/// A model on tape: of a chat model the request is the chat, of an embedder the texts, their purpose and the space, of a
/// reranker its id, the query and the documents.
pub struct Taped<M: ?Sized> {
    pub tape: Arc<Tape>,
    pub live: Arc<M>,
}

impl<M: ChatModel + ?Sized> ChatModel for Taped<M> {
    fn complete<'a>(&'a self, chat: &'a Chat, limit: Duration) -> Pending<'a, Completion> {
        Box::pin(self.tape.exchange("chat", chat, self.live.complete(chat, limit)))
    }
}

impl<M: KnowledgeBase + ?Sized> KnowledgeBase for Taped<M> {
    fn stands_in(&self) -> bool {
        self.live.stands_in()
    }

    fn retrieve<'a>(&'a self, retrieval: &'a Retrieval, limit: Duration) -> Pending<'a, Retrieved> {
        Box::pin(self.tape.exchange("retrieve", retrieval, self.live.retrieve(retrieval, limit)))
    }

    fn generate<'a>(&'a self, asked: &'a Generation, limit: Duration) -> Pending<'a, Generated> {
        Box::pin(self.tape.exchange("generate", asked, self.live.generate(asked, limit)))
    }
}

#[derive(Serialize)]
struct Texts<'a> {
    space: &'a Space,
    texts: &'a [&'a str],
    purpose: Purpose,
}

impl<M: Embedder + ?Sized> Embedder for Taped<M> {
    fn space(&self) -> &Space {
        self.live.space()
    }

    fn embed<'a>(&'a self, texts: &'a [&'a str], purpose: Purpose, limit: Duration) -> Pending<'a, Embedded> {
        Box::pin(async move {
            let request = Texts { space: self.space(), texts, purpose };
            self.tape.exchange("embed", &request, self.live.embed(texts, purpose, limit)).await
        })
    }
}

#[derive(Serialize)]
struct Ranking<'a> {
    model: &'a str,
    query: &'a str,
    documents: &'a [&'a str],
    top: usize,
}

impl<M: Reranker + ?Sized> Reranker for Taped<M> {
    fn model(&self) -> &str {
        self.live.model()
    }

    fn rerank<'a>(
        &'a self,
        query: &'a str,
        documents: &'a [&'a str],
        top: usize,
        limit: Duration,
    ) -> Pending<'a, Reranked> {
        Box::pin(async move {
            let request = Ranking { model: self.model(), query, documents, top };
            self.tape.exchange("rerank", &request, self.live.rerank(query, documents, top, limit)).await
        })
    }
}

/// A reranker of this id, behind a tape that only plays back.
pub struct NobodyRanks(pub String);

impl Reranker for NobodyRanks {
    fn model(&self) -> &str {
        &self.0
    }

    fn rerank<'a>(&'a self, _: &'a str, _: &'a [&'a str], _: usize, _: Duration) -> Pending<'a, Reranked> {
        Box::pin(async { Err(nobody()) })
    }
}

/// Behind a tape that only plays back.
pub struct Nobody;

impl ChatModel for Nobody {
    fn complete<'a>(&'a self, _: &'a Chat, _: Duration) -> Pending<'a, Completion> {
        Box::pin(async { Err(nobody()) })
    }
}

impl KnowledgeBase for Nobody {
    fn retrieve<'a>(&'a self, _: &'a Retrieval, _: Duration) -> Pending<'a, Retrieved> {
        Box::pin(async { Err(nobody()) })
    }

    fn generate<'a>(&'a self, _: &'a Generation, _: Duration) -> Pending<'a, Generated> {
        Box::pin(async { Err(nobody()) })
    }
}

fn nobody() -> ModelError {
    let message = "nobody may be asked: only recordings are played back".to_owned();
    ModelError { kind: ErrorKind::NotRecorded, message, request_id: None }
}

/// Of the request as compact JSON, its fields in the order of their types.
fn hash(request: &Json) -> String {
    let digest = Sha256::digest(request.to_string().as_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path, request: &Json) -> Result<Exchange, ModelError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Exchange { request: request.clone(), responses: BTreeMap::new() });
        }
        Err(error) => return Err(broken(path, &error.to_string())),
    };
    let kept: Exchange = serde_json::from_str(&text).map_err(|error| broken(path, &error.to_string()))?;
    if kept.request != *request {
        return Err(broken(path, "its request is not the one its name is made of; it was edited"));
    }
    Ok(kept)
}

/// Whole, or not at all.
fn write(path: &Path, exchange: &Exchange) -> Result<(), ModelError> {
    let failed = |error: io::Error| broken(path, &error.to_string());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let text = serde_json::to_string_pretty(exchange).map_err(|error| failed(error.into()))? + "\n";
    let fresh = path.with_extension("new");
    fs::write(&fresh, text).map_err(failed)?;
    fs::rename(&fresh, path).map_err(failed)
}

fn broken(path: &Path, why: &str) -> ModelError {
    let message = format!("the recording {}: {why}; remove it, and record it again", path.display());
    ModelError { kind: ErrorKind::BadReply, message, request_id: None }
}

fn not_recorded(kind: &str, path: &Path, repeat: u32, others: usize) -> ModelError {
    let message = if others == 0 {
        format!("this {kind} request is not among the recordings ({}); add --record-new to ask it", path.display())
    } else {
        format!(
            "repeat {repeat} of this {kind} request is not in {}, which has {others}; add --record-new to ask it",
            path.display()
        )
    };
    ModelError { kind: ErrorKind::NotRecorded, message, request_id: None }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::model::{Part, Role, Stop, Turn, Usage};

    /// Answers with the number of the request.
    struct Counting(AtomicUsize);

    impl ChatModel for Counting {
        fn complete<'a>(&'a self, chat: &'a Chat, _: Duration) -> Pending<'a, Completion> {
            Box::pin(async move {
                tokio::task::yield_now().await;
                let number = self.0.fetch_add(1, Ordering::SeqCst);
                if chat.model == "down" {
                    let message = "down".to_owned();
                    return Err(ModelError { kind: ErrorKind::Unavailable, message, request_id: None });
                }
                Ok(Completion {
                    text: number.to_string(),
                    tool_input: None,
                    stop: Stop::End,
                    usage: Usage { input: 10, output: 2, ..Usage::default() },
                    ms: 1.5,
                    request_id: None,
                })
            })
        }
    }

    fn chat(model: &str, text: &str) -> Chat {
        let turns = vec![Turn { role: Role::User, parts: vec![Part::Text(text.to_owned())] }];
        Chat { model: model.to_owned(), system: Vec::new(), turns, tool: None, max_tokens: 10, temperature: None }
    }

    fn taped(dir: &Path, mode: Mode) -> Taped<Counting> {
        Taped { tape: Arc::new(Tape::open(dir, mode).unwrap()), live: Arc::new(Counting(AtomicUsize::new(0))) }
    }

    async fn said(model: &Taped<Counting>, chat: &Chat) -> Result<String, ErrorKind> {
        let completed = model.complete(chat, Duration::from_secs(1)).await;
        completed.map(|completion| completion.text).map_err(|error| error.kind)
    }

    #[tokio::test]
    async fn what_was_recorded_is_played_back_and_only_what_is_new_is_asked() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (chat("m", "하나"), chat("m", "둘"));
        let recording = taped(dir.path(), Mode::Record);
        assert_eq!(said(&recording, &one).await.unwrap(), "0");
        assert_eq!(said(&recording, &one).await.unwrap(), "0", "not paid twice in a run");
        assert_eq!(recording.live.0.load(Ordering::SeqCst), 1);

        let replay = taped(dir.path(), Mode::Replay);
        assert_eq!(said(&replay, &one).await.unwrap(), "0");
        assert_eq!(said(&replay, &two).await, Err(ErrorKind::NotRecorded));
        let warmer = Chat { temperature: Some(0.5), ..one.clone() };
        assert_eq!(said(&replay, &warmer).await, Err(ErrorKind::NotRecorded), "settings are part of the request");
        assert_eq!(replay.live.0.load(Ordering::SeqCst), 0);

        let both = taped(dir.path(), Mode::ReplayAndRecord);
        assert_eq!(said(&both, &one).await.unwrap(), "0");
        assert_eq!(said(&both, &two).await.unwrap(), "0");
        assert_eq!(both.live.0.load(Ordering::SeqCst), 1);
        assert!(said(&replay, &two).await.is_ok());
    }

    #[tokio::test]
    async fn a_repeat_is_not_served_with_another_one() {
        let dir = tempfile::tempdir().unwrap();
        let one = chat("m", "x");
        let recording = taped(dir.path(), Mode::Record);
        for repeat in 0..3 {
            assert_eq!(as_repeat(repeat, said(&recording, &one)).await.unwrap(), repeat.to_string());
        }
        let replay = taped(dir.path(), Mode::Replay);
        for repeat in [2, 0, 1] {
            assert_eq!(as_repeat(repeat, said(&replay, &one)).await.unwrap(), repeat.to_string());
        }
        assert_eq!(as_repeat(3, said(&replay, &one)).await, Err(ErrorKind::NotRecorded));
    }

    struct Numbers(Space, AtomicUsize);

    impl Embedder for Numbers {
        fn space(&self) -> &Space {
            &self.0
        }

        fn embed<'a>(&'a self, texts: &'a [&'a str], _: Purpose, _: Duration) -> Pending<'a, Embedded> {
            Box::pin(async {
                let asked = self.1.fetch_add(1, Ordering::SeqCst) as f32;
                let vectors = texts.iter().map(|_| Some(vec![0.1 + asked, 1.0 / 3.0])).chain([None]).collect();
                Ok(Embedded { vectors, tokens: 3, ms: 0.5, request_ids: vec!["r".to_owned()] })
            })
        }
    }

    #[tokio::test]
    async fn vectors_are_played_back_to_the_last_bit() {
        let dir = tempfile::tempdir().unwrap();
        let live = Arc::new(Numbers(Space { model: "m".to_owned(), dimensions: 2 }, AtomicUsize::new(0)));
        let embed = async |mode, text: &'static str, purpose| {
            let tape = Arc::new(Tape::open(dir.path(), mode).unwrap());
            let taped = Taped { tape, live: live.clone() };
            taped.embed(&[text], purpose, Duration::from_secs(1)).await
        };
        let first = embed(Mode::Record, "도난", Purpose::Query).await.unwrap();
        assert_eq!(embed(Mode::Replay, "도난", Purpose::Query).await.unwrap(), first);
        for (text, purpose) in [("도난", Purpose::Document), ("도난 ", Purpose::Query)] {
            let missing = embed(Mode::Replay, text, purpose).await.map_err(|error| error.kind);
            assert_eq!(missing, Err(ErrorKind::NotRecorded));
        }
        assert_eq!(live.1.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn the_same_request_at_once_is_asked_once_and_failures_are_not_kept() {
        let dir = tempfile::tempdir().unwrap();
        let recording = taped(dir.path(), Mode::ReplayAndRecord);
        let one = chat("m", "x");
        let all = futures_util::future::join_all((0..16).map(|_| said(&recording, &one))).await;
        assert!(all.iter().all(|said| said.as_deref() == Ok("0")));
        let down = chat("down", "x");
        assert_eq!(said(&recording, &down).await, Err(ErrorKind::Unavailable));
        assert_eq!(said(&recording, &down).await, Err(ErrorKind::Unavailable));
        assert_eq!(recording.live.0.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn a_recording_is_for_people_to_read_and_is_checked() {
        let dir = tempfile::tempdir().unwrap();
        said(&taped(dir.path(), Mode::Record), &chat("m", "도난이 있었나요?")).await.unwrap();
        let file = fs::read_dir(dir.path().join("chat")).unwrap().next().unwrap().unwrap().path();
        insta::assert_snapshot!(fs::read_to_string(&file).unwrap());
        fs::write(&file, fs::read_to_string(&file).unwrap().replace("도난", "싸움")).unwrap();
        let replay = taped(dir.path(), Mode::Replay);
        assert_eq!(said(&replay, &chat("m", "도난이 있었나요?")).await, Err(ErrorKind::BadReply));
        assert!(Tape::open(&dir.path().join("nowhere"), Mode::Replay).is_err());
    }
}
