//! Static embedders in model2vec's format: the bundled one, or any other by its directory. Nothing leaves the process.
//!
//! A model is read when it is first asked, once: whoever never searches does not pay for it (some tens of
//! milliseconds and 30 MB for the bundled one).

mod words;

use std::{
    borrow::Cow,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use model2vec_rs::model::StaticModel;
use sha2::{Digest, Sha256};

use self::words::Words;
use crate::model::{Embedded, Embedder, ErrorKind, ModelError, Pending, Purpose, Space, Vector};

/// The id of the model in the binary, as indexes have it.
pub const BUNDLED: &str = "m2v-koen-256";
const BUNDLED_DIMENSIONS: usize = 256;

/// Texts that are embedded in one piece of work: some milliseconds of one core.
const PIECE: usize = 256;

/// Bytes of a text that is embedded at once: some 50 µs.
const SHORT: usize = 1_000;

/// A static model: a table of token vectors whose mean is a text's. Cheap to clone.
#[derive(Clone)]
pub struct Local(Arc<Inner>);

struct Inner {
    space: Space,
    /// The bundled one, if it is not yet there.
    model: OnceLock<Result<Table, ModelError>>,
}

/// The token vectors, and the one that unknown words have in common.
struct Table {
    way: Way,
    /// Of the space before a word, where the vocabulary has it as a token: it says nothing.
    nothing: Vector,
}

/// How a text becomes the sum or the mean of its token vectors.
enum Way {
    Words(Box<Words>),
    Any(StaticModel),
}

/// Why a directory is no model.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{}: {source}; a model's directory holds tokenizer.json, model.safetensors and config.json", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{}: not a static model of model2vec's format: {why}", .path.display())]
    NotAModel { path: PathBuf, why: String },
}

impl Local {
    /// The model in the binary: Korean and English in one space of 256 dimensions.
    pub fn bundled() -> Self {
        let space = Space { model: BUNDLED.to_owned(), dimensions: BUNDLED_DIMENSIONS };
        Self(Arc::new(Inner { space, model: OnceLock::new() }))
    }

    /// The model in a directory. Its id is the directory's name and the hash of its files, so that another model under
    /// the same name is another space.
    ///
    /// # Errors
    /// [`OpenError`] names the file.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let read = |name: &str| {
            let path = dir.join(name);
            fs::read(&path).map_err(|source| OpenError::Unreadable { path, source })
        };
        let (tokenizer, vectors, config) = (read("tokenizer.json")?, read("model.safetensors")?, read("config.json")?);
        let mut hash = Sha256::new();
        for part in [&tokenizer, &vectors, &config] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let hash = hex::encode(hash.finalize());
        let not = |why: String| OpenError::NotAModel { path: dir.to_owned(), why };
        let table = load(&tokenizer, Cow::Owned(vectors), &config).map_err(not)?;
        let name = dir.canonicalize().ok().and_then(|dir| Some(dir.file_name()?.to_string_lossy().into_owned()));
        let name = name.unwrap_or_else(|| "model".to_owned());
        let space = Space { model: format!("{name}@{}", &hash[..12]), dimensions: table.way.dimensions() };
        Ok(Self(Arc::new(Inner { space, model: OnceLock::from(Ok(table)) })))
    }
}

impl Embedder for Local {
    fn space(&self) -> &Space {
        &self.0.space
    }

    fn embed<'a>(&'a self, texts: &'a [&'a str], _purpose: Purpose, limit: Duration) -> Pending<'a, Embedded> {
        Box::pin(async move {
            let since = Instant::now();
            let mut vectors = Vec::with_capacity(texts.len());
            let within = tokio::time::timeout(limit, async {
                for piece in texts.chunks(PIECE) {
                    vectors.extend(self.piece(piece).await?);
                }
                Ok(())
            });
            within.await.unwrap_or_else(|_| Err(too_slow(limit)))?;
            Ok(Embedded { vectors, tokens: 0, ms: since.elapsed().as_secs_f64() * 1e3, request_ids: Vec::new() })
        })
    }
}

impl Local {
    /// On a thread for work: a whole piece, and the first time the loading too, is too long to hold up others.
    async fn piece(&self, texts: &[&str]) -> Result<Vec<Vector>, ModelError> {
        // A question, of a model that is there, takes less time than handing it to a thread.
        if let ([text], Some(Ok(table))) = (texts, self.0.model.get())
            && text.len() <= SHORT
        {
            return Ok(vec![table.vector(text)]);
        }
        let inner = self.0.clone();
        let joined = texts.concat();
        let lengths: Vec<usize> = texts.iter().map(|text| text.len()).collect();
        let work = move || inner.embed(&joined, &lengths);
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(failed(&error.to_string())))
    }
}

impl Inner {
    /// Texts of these lengths, one after the other.
    fn embed(&self, texts: &str, lengths: &[usize]) -> Result<Vec<Vector>, ModelError> {
        let table = self.model.get_or_init(bundled::load).as_ref().map_err(Clone::clone)?;
        let mut rest = texts;
        let next = |length: &usize| {
            let (text, behind) = rest.split_at_checked(*length).unwrap_or((rest, ""));
            rest = behind;
            table.vector(text)
        };
        Ok(lengths.iter().map(next).collect())
    }
}

impl Table {
    fn vector(&self, text: &str) -> Vector {
        // Of unit vectors with a cosine of 0.9999, no two numbers are further apart than this.
        let near = |a: f32, b: f32| (a - b).abs() < 0.0142;
        let nothing = |vector: &Vec<f32>| {
            let same = |nothing: &Vec<f32>| nothing.iter().zip(vector).all(|(a, b)| near(*a, *b));
            self.nothing.as_ref().is_some_and(|nothing| same(nothing) && dot(nothing, vector) > 0.9999)
        };
        unit(self.way.vector(text)).filter(|vector| !nothing(vector))
    }
}

impl Way {
    fn dimensions(&self) -> usize {
        match self {
            Self::Words(words) => words.dimensions(),
            Self::Any(model) => model.dim(),
        }
    }

    /// Of any length.
    fn vector(&self, text: &str) -> Vec<f32> {
        match self {
            Self::Words(words) => words.sum(text),
            Self::Any(model) => model.encode_single(text),
        }
    }
}

fn load(tokenizer: &[u8], vectors: Cow<'static, [u8]>, config: &[u8]) -> Result<Table, String> {
    let way = match Words::read(tokenizer, vectors.clone()) {
        Some(words) => Way::Words(Box::new(words)),
        None => {
            // Unit length is made here, where a zero vector is told apart.
            let model = StaticModel::from_bytes(tokenizer, &vectors, config, Some(false));
            Way::Any(model.map_err(|error| format!("{error:#}"))?)
        }
    };
    // No vocabulary has a code point that is never to be a character.
    let nothing = unit(way.vector("\u{10ffff}"));
    Ok(Table { way, nothing })
}

/// Of unit length, or none: the mean of no known token is zero.
fn unit(mut vector: Vec<f32>) -> Vector {
    let length = dot(&vector, &vector).sqrt();
    if !length.is_finite() || length < 1e-9 {
        return None;
    }
    for x in &mut vector {
        *x /= length;
    }
    Some(vector)
}

/// In sixteen sums side by side, which the processor adds at once.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 16];
    let (a, b) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    for (a, b) in a.0.iter().zip(b.0) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f32 = a.1.iter().zip(b.1).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

fn too_slow(limit: Duration) -> ModelError {
    let message = format!("the texts were not embedded within {} ms", limit.as_millis());
    ModelError { kind: ErrorKind::TimedOut, message, request_id: None }
}

fn failed(why: &str) -> ModelError {
    let message = format!("the local embedder failed: {why}");
    ModelError { kind: ErrorKind::Unavailable, message, request_id: None }
}

/// `models/m2v-koen-256/`, whose card says how it was made.
mod bundled {
    use std::borrow::Cow;

    use super::{ModelError, Table, failed};

    const TOKENIZER: &[u8] = include_bytes!("../../models/m2v-koen-256/tokenizer.json");
    const TABLE: &[u8] = include_bytes!("../../models/m2v-koen-256/model.safetensors");
    const CONFIG: &[u8] = include_bytes!("../../models/m2v-koen-256/config.json");

    pub(super) fn load() -> Result<Table, ModelError> {
        super::load(TOKENIZER, Cow::Borrowed(TABLE), CONFIG).map_err(|why| failed(&why))
    }
}
