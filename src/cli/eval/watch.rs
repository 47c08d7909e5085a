//! A run while it goes on: its bar, its running figures, and what stops it.

use std::{
    io::IsTerminal,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::eval::record::{CaseRecord, Verdict};

/// The bar, the running figures, and what stops a run.
pub(super) struct Watch {
    bar: ProgressBar,
    pub(super) stop: Arc<AtomicBool>,
    interrupted: Arc<AtomicBool>,
    right: usize,
    judged: usize,
    spent: u64,
    dearest: u64,
    /// A question cost what nobody knows.
    unpriced: bool,
    limit: Option<u64>,
    in_flight: u64,
}

impl Watch {
    pub(super) fn new(total: usize, before: &[CaseRecord], max_cost_usd: Option<f64>, jobs: usize) -> Self {
        let shown = std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(total as u64), target);
        let template = "{bar:30} {pos}/{len} {per_sec} {msg} eta {eta}";
        let bar = match ProgressStyle::with_template(template) {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        };
        let stop = Arc::new(AtomicBool::new(false));
        let interrupted = Arc::new(AtomicBool::new(false));
        let flags = (stop.clone(), interrupted.clone());
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                flags.1.store(true, Ordering::Relaxed);
                flags.0.store(true, Ordering::Relaxed);
                // The second time at once; what was asked is on the disk. 130: ended by SIGINT.
                let _ = tokio::signal::ctrl_c().await;
                std::process::exit(130);
            }
        });
        let limit = max_cost_usd.map(|usd| (usd * 1e6) as u64);
        let mut watch = Self {
            bar,
            stop,
            interrupted,
            right: 0,
            judged: 0,
            spent: 0,
            dearest: 0,
            unpriced: false,
            limit,
            in_flight: jobs as u64,
        };
        before.iter().for_each(|record| watch.add(record));
        watch
    }

    pub(super) fn add(&mut self, record: &CaseRecord) {
        let judged = matches!(record.verdict, Verdict::Right | Verdict::Wrong | Verdict::Abstained);
        self.judged += usize::from(judged);
        self.right += usize::from(record.verdict == Verdict::Right);
        // A price that is not known may be any.
        if self.limit.is_some() && record.usage.cost_micro_usd.is_none() {
            self.unpriced = true;
            self.stop.store(true, Ordering::Relaxed);
        }
        let cost = record.usage.cost_micro_usd.unwrap_or(0);
        self.spent += cost;
        self.dearest = self.dearest.max(cost);
        // What is in flight may cost as much as the dearest so far.
        if self.limit.is_some_and(|limit| self.spent + self.dearest * self.in_flight > limit && self.dearest > 0) {
            self.stop.store(true, Ordering::Relaxed);
        }
        self.bar.inc(1);
        let percent = 100.0 * self.right as f64 / self.judged.max(1) as f64;
        self.bar.set_message(format!("{percent:.1}% right ${:.4}", self.spent as f64 / 1e6));
    }

    /// Why it was stopped, if it was.
    pub(super) fn end(self) -> String {
        self.bar.finish_and_clear();
        match () {
            () if self.interrupted.load(Ordering::Relaxed) => "interrupted",
            () if self.unpriced => "a model's price is not known, so no limit of money can be held",
            () => "the money limit was reached",
        }
        .to_owned()
    }
}
