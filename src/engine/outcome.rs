//! How a question can end, with a stable code and words wherever nothing was answered.

use crate::{
    answer::Answer,
    model::ErrorKind,
    question::reading::{Signal, Unread},
    reply::template::Said,
    store::StoreError,
    strategy::{Cause, Passed},
};

/// Four ways to end that never look alike.
#[derive(Debug)]
pub enum Outcome {
    Answered(Answer),
    /// Looked, and there is nothing.
    Empty(Answer),
    /// Did not look.
    Abstained(Abstention),
    /// Could not look.
    Failed(Failure),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Abstention {
    Declined(Signal),
    /// Words left over; none where all words were read but no rung had a way to answer.
    NotUnderstood(Vec<Unread>),
    /// A model says that the records cannot tell, or its provider's filter kept its reply.
    ByModel(Passed),
    /// Descriptions were searched, and none is near enough.
    NothingRelevant,
    /// Of a search alone: there is nothing to search in.
    NoIndex,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    DatabaseUnreachable,
    /// Every connection is in use.
    Busy,
    TimedOut,
    TooCostly,
    /// More rows than are allowed; a cut answer would be a wrong one.
    TooMany,
    /// The statement was refused: our mistake, and worth a report.
    Rejected,
    /// The video's row names a time zone that is none.
    BadTimezone,
    /// A model could not be asked, or gave no reply.
    Model(ErrorKind),
    /// A model was asked, and wrote nothing that may run.
    NoStatement,
    /// The strategy's budget for one prompt.
    BudgetSpent,
    /// A prompt file cannot be rendered.
    BadPrompt,
}

impl Outcome {
    /// `answered`, `empty`, `abstained` or `failed`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Answered(_) => "answered",
            Self::Empty(_) => "empty",
            Self::Abstained(_) => "abstained",
            Self::Failed(_) => "failed",
        }
    }

    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Answered(answer) | Self::Empty(answer) => Some(answer),
            Self::Abstained(_) | Self::Failed(_) => None,
        }
    }

    /// A stable code and a sentence for the log, where nothing was answered.
    pub fn reason(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Answered(_) | Self::Empty(_) => None,
            Self::Abstained(why) => Some((why.code(), why.message())),
            Self::Failed(why) => Some((why.code(), why.message().to_owned())),
        }
    }

    pub(super) fn said(&self) -> Said<'_> {
        match self {
            Self::Answered(answer) | Self::Empty(answer) => Said::Answer(answer),
            Self::Abstained(Abstention::Declined(signal)) => Said::Declined(*signal),
            Self::Abstained(Abstention::ByModel(_)) => Said::Declined(Signal::OutsideData),
            Self::Abstained(Abstention::NotUnderstood(unread)) if unread.is_empty() => Said::NoStrategy,
            Self::Abstained(Abstention::NotUnderstood(unread)) => Said::NotUnderstood(unread),
            Self::Abstained(Abstention::NoIndex) => Said::NoStrategy,
            Self::Abstained(Abstention::NothingRelevant) => Said::NothingRelevant,
            Self::Failed(_) => Said::CouldNotLook,
        }
    }
}

impl Abstention {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Declined(signal) => signal_code(*signal),
            Self::NotUnderstood(_) => Passed::Unread.code(),
            Self::ByModel(passed) => passed.code(),
            Self::NothingRelevant => Passed::NothingRelevant.code(),
            Self::NoIndex => Passed::NoIndex.code(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Declined(signal) => signal_message(*signal).to_owned(),
            Self::ByModel(Passed::Filtered) => "the model's provider does not reply to this".to_owned(),
            Self::ByModel(_) => "the model says that the records cannot tell this".to_owned(),
            Self::NotUnderstood(unread) if unread.is_empty() => "no strategy has a way to answer this".to_owned(),
            Self::NotUnderstood(unread) => {
                let words: Vec<_> = unread.iter().map(|piece| format!("\"{}\"", piece.text)).collect();
                format!("not understood: {}", words.join(", "))
            }
            Self::NoIndex => {
                "nothing is indexed to search in: run `askline index`, or `askline kb sync` for a knowledge base"
                    .to_owned()
            }
            Self::NothingRelevant => {
                "no description is near enough to the question; ask in other words, or with fewer conditions".to_owned()
            }
        }
    }
}

impl Failure {
    pub fn code(self) -> &'static str {
        match self {
            Self::DatabaseUnreachable => "database_unreachable",
            Self::Busy => "busy",
            Self::TimedOut => "timed_out",
            Self::TooCostly => "too_costly",
            Self::TooMany => "too_many_rows",
            Self::Rejected => "rejected",
            Self::BadTimezone => "bad_timezone",
            Self::Model(kind) => kind.code(),
            Self::NoStatement => "no_usable_statement",
            Self::BudgetSpent => "budget_spent",
            Self::BadPrompt => "bad_prompt_file",
        }
    }

    pub fn message(self) -> &'static str {
        match self {
            Self::DatabaseUnreachable => "the database could not be reached",
            Self::Busy => "every connection to the database is in use; try again in a moment",
            Self::TimedOut => "the statement took longer than its time limit",
            Self::TooCostly => "the statement was estimated to cost more than its limit, and was not run",
            Self::TooMany => "the statement returns more rows than are allowed",
            Self::Rejected => "the database refused the statement; this is a mistake of the engine",
            Self::BadTimezone => "the video's time zone is not an IANA name",
            Self::Model(kind) => of_model(kind),
            Self::NoStatement => "the model wrote no statement that may run",
            Self::BudgetSpent => "what the strategy allows for one prompt was spent before there was an answer",
            Self::BadPrompt => "a prompt file does not fit what it is given; this is a mistake of the file",
        }
    }

    /// What a rung could not do, to an asker.
    pub(super) fn of_cause(cause: &Cause) -> Self {
        let failure = match cause {
            Cause::Store(error) => return Self::of(error),
            Cause::Model(error) => Self::Model(error.kind),
            Cause::NoStatement(_) => Self::NoStatement,
            Cause::Spent(_) => Self::BudgetSpent,
            Cause::Prompt(_) => Self::BadPrompt,
        };
        tracing::warn!(code = failure.code(), %cause, "could not look");
        failure
    }

    /// What the store's error means to an asker. What else it says is for the log, and written here.
    pub fn of(error: &StoreError) -> Self {
        let failure = match error {
            StoreError::Unreachable(_) => Self::DatabaseUnreachable,
            StoreError::Busy => Self::Busy,
            StoreError::TimedOut { .. } => Self::TimedOut,
            StoreError::TooCostly { .. } => Self::TooCostly,
            StoreError::TooMany { .. } | StoreError::TooLarge { .. } => Self::TooMany,
            StoreError::Rejected { .. } => Self::Rejected,
            StoreError::BadTimezone { .. } => Self::BadTimezone,
        };
        tracing::warn!(code = failure.code(), %error, "could not look");
        failure
    }
}

fn of_model(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Throttled => "the model is asked too often just now; try again in a moment",
        ErrorKind::QuotaSpent => "the quota for the model is spent",
        ErrorKind::Unavailable => "the model could not be reached, or failed; try again in a moment",
        ErrorKind::TimedOut => "the model did not reply in time",
        ErrorKind::NotAllowed => "the model may not be used; `askline check` says what is missing",
        ErrorKind::BadCredentials => "the credentials for the model are not accepted; `askline check` says more",
        ErrorKind::WrongModel => "the model is not offered by this id in this region; `askline check` says more",
        ErrorKind::TooLong => "the question is longer than the model takes",
        ErrorKind::BadRequest => "the model refused the request; this is a mistake of the engine or of a prompt file",
        ErrorKind::BadReply => "the model's reply could not be read",
        ErrorKind::NotRecorded => "the exchange is not among the recordings, and nothing may be asked",
    }
}

fn signal_code(signal: Signal) -> &'static str {
    match signal {
        Signal::OtherVideo => "other_video",
        Signal::Change => "change",
        Signal::Identity => "identity",
        Signal::Speech => "speech",
        Signal::Price => "price",
        Signal::Prediction => "prediction",
        Signal::Injection => "injection",
        Signal::OutsideData => "outside_data",
        Signal::ClockUnknown => "clock_unknown",
        Signal::LengthUnknown => "length_unknown",
    }
}

fn signal_message(signal: Signal) -> &'static str {
    match signal {
        Signal::OtherVideo => "asks for another video than the one given",
        Signal::Change => "asks to change or delete data",
        Signal::Identity => "asks who somebody is",
        Signal::Speech => "asks what was said or heard",
        Signal::Price => "asks about money",
        Signal::Prediction => "asks what will happen",
        Signal::Injection => "gives instructions instead of asking",
        Signal::OutsideData => "asks for something the events do not hold",
        Signal::ClockUnknown => "asks by the clock, and the video's wall-clock time is unknown",
        Signal::LengthUnknown => "needs the video's length, which is unknown",
    }
}
