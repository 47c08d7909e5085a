//! The program: see `cli`.

fn main() -> std::process::ExitCode {
    askline::cli::run()
}
