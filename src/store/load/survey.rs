//! The first reading of all inputs: nothing is sent, everything is checked that can be without the database.

use std::{
    collections::{HashMap, HashSet},
    ops::ControlFlow,
};

use super::{
    Input, LoadError, Problem, Problems, Progress, Stage,
    record::{Kind, Row},
    source::Source,
};

/// What was found in inputs that are right, as far as the inputs themselves can tell.
pub(super) struct Survey {
    pub(super) sources: Vec<Source>,
    pub(super) problems: Problems,
    /// Videos that events belong to and that are not among the inputs, with the place they are first named at.
    pub(super) videos_needed: HashMap<i64, Named>,
}

/// Where a video is named first, and by how many events.
pub(super) struct Named {
    pub(super) source: usize,
    pub(super) line: u64,
    pub(super) events: u64,
}

/// How many rows lie between two reports of progress.
const STRIDE: u64 = 4096;

/// Reads every input to its end. Blocks; memory is needed for the numbers of the rows, not for the rows.
pub(super) fn survey(inputs: &[Input], progress: &dyn Fn(Progress)) -> Result<Survey, LoadError> {
    let mut problems = Problems::default();
    let mut sources = Vec::with_capacity(inputs.len());
    if inputs.iter().filter(|input| **input == Input::Stdin).count() > 1 {
        let what = "can be read once only, and is given twice".to_owned();
        problems.add(Problem { file: "standard input".to_owned(), line: None, column: None, what });
        return Ok(Survey { sources, problems, videos_needed: HashMap::new() });
    }
    for input in inputs {
        sources.extend(Source::open(input, &mut problems)?);
    }
    let total = sources.iter().map(|source| source.size).sum();
    let mut numbers = [Numbers::default(), Numbers::default()];
    let mut needed: HashMap<i64, Named> = HashMap::new();
    let (mut before, mut rows) = (0, 0_u64);
    for (at, source) in sources.iter().enumerate() {
        source.each_row(&mut problems, &mut |line, row, bytes| {
            match &row {
                Row::Video(video) => numbers[0].add(video.id, at, line),
                Row::Event(event) => {
                    numbers[1].add(event.id, at, line);
                    let named = Named { source: at, line, events: 0 };
                    needed.entry(event.video_id).or_insert(named).events += 1;
                }
            }
            rows += 1;
            if rows.is_multiple_of(STRIDE) {
                progress(Progress { stage: Stage::Checking, bytes: before + bytes, total });
            }
            ControlFlow::Continue(())
        })?;
        before += source.size;
        progress(Progress { stage: Stage::Checking, bytes: before, total });
    }
    let given: HashSet<i64> = numbers[0].0.iter().map(|(id, _, _)| *id).collect();
    needed.retain(|id, _| !given.contains(id));
    for (numbers, kind) in numbers.into_iter().zip([Kind::Videos, Kind::Events]) {
        numbers.report_doubles(kind, &sources, &mut problems);
    }
    Ok(Survey { sources, problems, videos_needed: needed })
}

/// The numbers that rows were given: (number, source, line).
#[derive(Default)]
struct Numbers(Vec<(i64, usize, u64)>);

impl Numbers {
    fn add(&mut self, id: Option<i64>, source: usize, line: u64) {
        self.0.extend(id.map(|id| (id, source, line)));
    }

    fn report_doubles(mut self, kind: Kind, sources: &[Source], problems: &mut Problems) {
        self.0.sort_unstable();
        let column = kind.columns()[0];
        for pair in self.0.windows(2) {
            let [(first, first_source, first_line), (second, source, line)] = *pair else { continue };
            if first == second {
                let what = format!("{first} is also on {}:{first_line}", sources[first_source].name);
                problems.add(sources[source].problem(line, Some(column), what));
            }
        }
    }
}

impl Survey {
    /// Adds the videos that are nowhere to be found to what is wrong.
    pub(super) fn add_missing(&mut self, mut missing: Vec<i64>) {
        missing.sort_unstable();
        for id in missing {
            let Some(named) = self.videos_needed.get(&id) else { continue };
            let what = match named.events {
                1 => format!("there is no video {id}"),
                n => format!("there is no video {id} ({n} events name it)"),
            };
            self.problems.add(self.sources[named.source].problem(named.line, Some("video_id"), what));
        }
    }

    /// The problems in the order in which a person goes through the files.
    pub(super) fn into_problems(mut self) -> Problems {
        let order: HashMap<&str, usize> =
            self.sources.iter().enumerate().map(|(at, source)| (source.name.as_str(), at)).collect();
        let place = |problem: &Problem| (order.get(problem.file.as_str()).copied(), problem.line);
        self.problems.listed.sort_by_key(place);
        self.problems
    }
}
