//! One input: opened, recognised (CSV or NDJSON, videos or events), and read row by row.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read},
    ops::ControlFlow,
    path::PathBuf,
    sync::Arc,
};

use serde_json::{Map, Value as Json};

use super::{
    Input, LoadError, Problem, Problems,
    cells::Cell,
    record::{Kind, Row},
};

/// An input that can be read as often as needed.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) name: String,
    /// Bytes.
    pub(super) size: u64,
    pub(super) kind: Kind,
    format: Format,
    body: Body,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    /// One JSON object a line.
    Ndjson,
}

#[derive(Debug, Clone)]
enum Body {
    File(PathBuf),
    Held(Arc<Vec<u8>>),
    Text(&'static str),
}

/// The format and kind, or the line and what is wrong.
type Recognised = Result<(Format, Kind), (Option<u64>, String)>;

impl Source {
    /// Opens an input and looks at its beginning. `None` if it cannot be told what it is; that is among the problems.
    pub(super) fn open(input: &Input, problems: &mut Problems) -> Result<Option<Self>, LoadError> {
        let (name, body) = match input {
            Input::File(path) => (path.display().to_string(), Body::File(path.clone())),
            Input::Stdin => {
                let mut held = Vec::new();
                let read = io::stdin().lock().read_to_end(&mut held);
                read.map_err(|source| LoadError::Unreadable { file: "standard input".to_owned(), source })?;
                ("standard input".to_owned(), Body::Held(Arc::new(held)))
            }
            Input::Text { name, text } => ((*name).to_owned(), Body::Text(text)),
        };
        let size = match &body {
            Body::File(path) => std::fs::metadata(path).map(|meta| meta.len()).map_err(|e| unreadable(&name, e))?,
            Body::Held(bytes) => bytes.len() as u64,
            Body::Text(text) => text.len() as u64,
        };
        // Seen as events until it is known; the look at the beginning is the same for both.
        let mut source = Self { name, size, kind: Kind::Events, format: Format::Csv, body };
        let recognised = source.recognise().map_err(|e| unreadable(&source.name, e))?;
        match recognised {
            Ok((format, kind)) => {
                (source.format, source.kind) = (format, kind);
                Ok(Some(source))
            }
            Err((line, what)) => {
                problems.add(Problem { file: source.name, line, column: None, what });
                Ok(None)
            }
        }
    }

    /// Reads every row. What is wrong goes to `problems`; `each` gets the line a row begins in, the row, and how many
    /// bytes have been read, and may stop the reading.
    pub(super) fn each_row(
        &self,
        problems: &mut Problems,
        each: &mut dyn FnMut(u64, Row, u64) -> ControlFlow<()>,
    ) -> Result<(), LoadError> {
        let body = self.body().map_err(|e| unreadable(&self.name, e))?;
        match self.format {
            Format::Csv => self.each_csv_row(body, problems, each),
            Format::Ndjson => self.each_json_row(body, problems, each).map_err(|e| unreadable(&self.name, e)),
        }
    }

    fn each_csv_row(
        &self,
        body: Box<dyn BufRead>,
        problems: &mut Problems,
        each: &mut dyn FnMut(u64, Row, u64) -> ControlFlow<()>,
    ) -> Result<(), LoadError> {
        let mut reader = csv_reader(body);
        let mut record = csv::ByteRecord::new();
        let failed = |error: csv::Error| unreadable(&self.name, error.into());
        reader.read_byte_record(&mut record).map_err(failed)?;
        let Some(columns) = self.header(&record, problems) else { return Ok(()) };
        while reader.read_byte_record(&mut record).map_err(failed)? {
            let line = record.position().map_or(0, csv::Position::line);
            let read = reader.position().byte();
            if record.len() != columns.len() {
                let what = format!("has {} cells, and the header has {}", record.len(), columns.len());
                problems.add(self.problem(line, None, what));
                continue;
            }
            let mut cells = [Cell::Nothing; 14];
            for (at, bytes) in columns.iter().zip(record.iter()) {
                cells[*at] = Cell::csv(bytes);
            }
            match self.kind.row(&cells) {
                Ok(row) => {
                    if each(line, row, read).is_break() {
                        return Ok(());
                    }
                }
                Err(faults) => self.add_faults(problems, line, faults),
            }
        }
        Ok(())
    }

    fn each_json_row(
        &self,
        mut body: Box<dyn BufRead>,
        problems: &mut Problems,
        each: &mut dyn FnMut(u64, Row, u64) -> ControlFlow<()>,
    ) -> io::Result<()> {
        let (mut bytes, mut line, mut read) = (Vec::new(), 0_u64, 0_u64);
        loop {
            bytes.clear();
            let count = body.read_until(b'\n', &mut bytes)?;
            if count == 0 {
                return Ok(());
            }
            line += 1;
            read += count as u64;
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            let map = match serde_json::from_slice::<Map<String, Json>>(&bytes) {
                Ok(map) => map,
                Err(error) => {
                    problems.add(self.problem(line, None, format!("is not a JSON object: {error}")));
                    continue;
                }
            };
            let mut cells = [Cell::Nothing; 14];
            let mut unknown = Vec::new();
            for (key, value) in &map {
                match self.kind.column(key) {
                    Some(at) => cells[at] = Cell::json(value),
                    None => unknown.push(key),
                }
            }
            for key in &unknown {
                problems.add(self.problem(line, None, self.unknown(key)));
            }
            match self.kind.row(&cells) {
                Ok(row) if unknown.is_empty() => {
                    if each(line, row, read).is_break() {
                        return Ok(());
                    }
                }
                Ok(_) => {}
                Err(faults) => self.add_faults(problems, line, faults),
            }
        }
    }

    /// Where in the table each column of the file belongs. `None` if the header is wrong.
    fn header(&self, record: &csv::ByteRecord, problems: &mut Problems) -> Option<Vec<usize>> {
        let before = problems.total;
        let mut columns = Vec::with_capacity(record.len());
        for name in record.iter().map(|name| String::from_utf8_lossy(name.trim_ascii())) {
            match self.kind.column(&name) {
                Some(at) if columns.contains(&at) => {
                    problems.add(self.problem(1, None, format!("the column {name:?} is there twice")));
                }
                Some(at) => columns.push(at),
                None => problems.add(self.problem(1, None, self.unknown(&name))),
            }
        }
        (problems.total == before).then_some(columns)
    }

    fn recognise(&self) -> io::Result<Recognised> {
        let mut body = self.body()?;
        let first = loop {
            match body.fill_buf()?.first().copied() {
                Some(byte) if byte.is_ascii_whitespace() => body.consume(1),
                first => break first,
            }
        };
        let extension = std::path::Path::new(&self.name).extension().and_then(|extension| extension.to_str());
        let format = match (extension, first) {
            (_, None) => return Ok(Err((None, "is empty".to_owned()))),
            (Some("ndjson" | "jsonl"), _) | (_, Some(b'{')) => Format::Ndjson,
            (_, Some(b'[')) => {
                return Ok(Err((Some(1), "is a JSON array; write one object a line, without the brackets".to_owned())));
            }
            _ => Format::Csv,
        };
        let kind = match format {
            Format::Csv => {
                let mut record = csv::ByteRecord::new();
                csv_reader(body).read_byte_record(&mut record).map_err(io::Error::from)?;
                let names: Vec<_> = record.iter().map(|name| String::from_utf8_lossy(name.trim_ascii())).collect();
                Kind::of(names.iter().map(AsRef::as_ref))
            }
            Format::Ndjson => {
                let mut line = Vec::new();
                body.read_until(b'\n', &mut line)?;
                match serde_json::from_slice::<Map<String, Json>>(&line) {
                    Ok(map) => Kind::of(map.keys().map(String::as_str)),
                    Err(error) => return Ok(Err((Some(1), format!("is not a JSON object: {error}")))),
                }
            }
        };
        Ok(kind.map(|kind| (format, kind)).ok_or_else(|| {
            let columns = |kind: Kind| kind.columns().join(", ");
            let what = format!(
                "has neither the columns of videos ({}) nor those of events ({})",
                columns(Kind::Videos),
                columns(Kind::Events)
            );
            (Some(1), what)
        }))
    }

    /// From the first byte after a byte order mark.
    fn body(&self) -> io::Result<Box<dyn BufRead>> {
        let mut body: Box<dyn BufRead> = match &self.body {
            Body::File(path) => Box::new(BufReader::with_capacity(256 * 1024, File::open(path)?)),
            Body::Held(bytes) => Box::new(Cursor::new(Shared(bytes.clone()))),
            Body::Text(text) => Box::new(text.as_bytes()),
        };
        if body.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
            body.consume(3);
        }
        Ok(body)
    }

    fn add_faults(&self, problems: &mut Problems, line: u64, faults: Vec<(&'static str, String)>) {
        for (column, what) in faults {
            problems.add(self.problem(line, Some(column), what));
        }
    }

    pub(super) fn problem(&self, line: u64, column: Option<&str>, what: String) -> Problem {
        Problem { file: self.name.clone(), line: Some(line), column: column.map(str::to_owned), what }
    }

    fn unknown(&self, name: &str) -> String {
        format!("{} have no column {name:?}; they have {}", self.kind.noun(), self.kind.columns().join(", "))
    }
}

/// Bytes that several readers share.
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn csv_reader(body: Box<dyn BufRead>) -> csv::Reader<Box<dyn BufRead>> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(body)
}

fn unreadable(name: &str, source: io::Error) -> LoadError {
    LoadError::Unreadable { file: name.to_owned(), source }
}
