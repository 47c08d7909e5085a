//! The command line. One file a command; results become exit codes here.

mod ask;
mod bedrock_sim;
mod check;
mod cost;
mod eval;
mod explain;
mod index;
mod kb;
mod load;
mod output;
mod search;
mod serve;
mod sql;
mod videos;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    assemble,
    config::{Config, Flags},
    store::{OpenError, StoreError},
    telemetry,
};

/// Answers questions in Korean and English about what happened in a video, from rows of events in Postgres.
#[derive(Debug, Parser)]
#[command(name = "askline", version, after_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Engine(EngineCommand),
    /// Run suites of questions, compare runs, judge results
    #[command(subcommand, after_help = eval::EXIT_CODES)]
    Eval(eval::Command),
    /// What is made of SQL that somebody else wrote
    #[command(subcommand)]
    Sql(sql::Command),
    /// Stand in for Bedrock's wire, from a script: a test double, no model
    #[command(long_about = bedrock_sim::ABOUT, after_long_help = bedrock_sim::SCRIPT)]
    BedrockSim(bedrock_sim::Args),
}

/// What needs the settings and a database.
#[derive(Debug, Subcommand)]
enum EngineCommand {
    /// Answer over HTTP
    Serve(serve::Args),
    /// Ask one question about one video
    #[command(after_help = EXIT_CODES)]
    Ask(ask::Args),
    /// Find the events whose descriptions are nearest to some words
    #[command(after_help = EXIT_CODES)]
    Search(search::Args),
    /// Load videos and events from files
    Load {
        /// CSV or NDJSON, told apart by their columns; - is standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Make what was loaded searchable by meaning
        #[arg(long)]
        index: bool,
    },
    /// Make events searchable by meaning: embed what is new or changed
    Index(index::Args),
    /// Keep the documents of a knowledge base of Bedrock
    #[command(subcommand)]
    Kb(kb::Command),
    /// Look whether everything that is set up can work, and say what to do where not
    #[command(after_help = check::EXIT_CODES)]
    Check(check::Args),
    /// What models were asked, and what that cost
    #[command(long_about = cost::ABOUT)]
    Cost(cost::Args),
    /// List the videos that can be asked about
    Videos(videos::Args),
}

const EXIT_CODES: &str = "\
Exit codes:
  0  answered, or looked and found nothing
  1  not done: settings, files, an unknown video
  2  wrong use of the command line
  3  abstained: not understood, or not a question for this data
  4  failed: the database could not be asked";

/// Who is to pay for what the command line asks.
const CALLER: &str = "cli";

/// How a command ended, where it did not fail outright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Done,
    Abstained,
    CouldNotLook,
    /// Of `eval` alone.
    GateFailed,
    /// Of `eval` alone.
    CouldNotRun,
    /// Of `check`, and of `kb sync` with documents that failed.
    CannotWork,
}

impl End {
    fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Done => 0,
            Self::GateFailed | Self::CannotWork => 1,
            Self::CouldNotRun => 2,
            Self::Abstained => 3,
            Self::CouldNotLook => 4,
        })
    }
}

/// The whole program.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let ended = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(command(cli)));
    match ended {
        Ok(end) => end.code(),
        // The reader of the pipe has seen enough.
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            if is_database(&error) { End::CouldNotLook.code() } else { ExitCode::FAILURE }
        }
    }
}

/// Whether the database is what stood in the way.
fn is_database(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.is::<StoreError>() || matches!(cause.downcast_ref(), Some(OpenError::Unreachable { .. })))
}

async fn command(cli: Cli) -> anyhow::Result<End> {
    let Cli { mut flags, command } = cli;
    let command = match command {
        Command::Engine(command) => command,
        // It reads the settings itself, where it needs them.
        Command::Eval(command) => return eval::run(command, &flags).await,
        Command::Sql(command) => return sql::run(command, &flags).await,
        Command::BedrockSim(args) => return bedrock_sim::run(&args).await,
    };
    if let EngineCommand::Serve(args) = &command {
        flags.host = args.host.clone();
        flags.port = args.port;
    }
    let config = Config::load(&flags, !matches!(command, EngineCommand::Serve(_)))?;
    telemetry::start(&config.log);
    match command {
        EngineCommand::Serve(args) => serve::run(&config, &args).await,
        EngineCommand::Ask(args) => ask::run(&config, args).await,
        EngineCommand::Search(args) => search::run(&config, &args).await,
        EngineCommand::Load { files, index: and_index } => {
            let store = assemble::store(&config).await?;
            let mut loaded = load::load(&store, &files).await.map(|_| ());
            if loaded.is_ok() && and_index {
                loaded = index::after_load(&config, &store).await;
            }
            store.close().await;
            loaded.map(|()| End::Done)
        }
        EngineCommand::Index(args) => index::run(&config, &args).await,
        EngineCommand::Kb(command) => kb::run(&config, &command).await,
        EngineCommand::Check(args) => check::run(&config, &args).await,
        EngineCommand::Cost(args) => cost::run(&config, &args).await,
        EngineCommand::Videos(args) => videos::run(&config, &args).await,
    }
}
