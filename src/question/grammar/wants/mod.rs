//! Which kind of answer is wanted: rows in an order, one value, or groups.

mod count;
mod events;
mod extreme;
mod facts;
mod groups;
mod measure;
mod rate;
mod share;
mod tone;
mod words;

use super::{Wanted, Work};
use count::{count, distinct};
use events::events;
use extreme::extreme_key;
use facts::fact;
use groups::groups;
use measure::measure;
use rate::rate;
use share::share;
use tone::{lasting, longest_time, tone};

pub(super) fn read(work: &mut Work<'_>) -> Wanted {
    tone(work);
    lasting(work);
    let plain = |wants| Wanted { wants, share: false };
    if let Some(wants) = fact(work) {
        return plain(wants);
    }
    longest_time(work);
    if let Some(wants) = groups(work) {
        return plain(wants);
    }
    if let Some(wanted) = share(work) {
        return wanted;
    }
    let found = rate(work)
        .or_else(|| extreme_key(work))
        .or_else(|| measure(work))
        .or_else(|| distinct(work))
        .or_else(|| count(work));
    plain(found.unwrap_or_else(|| events(work)))
}
