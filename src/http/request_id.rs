//! The name a request goes by in its answer and in the log: the caller's, where it is harmless, or a new one.

use poem::{Request, http::HeaderValue};

pub(super) const HEADER: &str = "x-request-id";
const LONGEST: usize = 128;

#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

impl RequestId {
    /// Chooses the id and leaves it with the request.
    pub(super) fn give(request: &mut Request) -> Self {
        let id = request.header(HEADER).filter(|id| harmless(id)).map_or_else(new, ToOwned::to_owned);
        let id = Self(id);
        request.set_data(id.clone());
        id
    }

    pub(super) fn of(request: &Request) -> &str {
        request.data::<Self>().map_or("", |id| &id.0)
    }

    pub(super) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

fn new() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Letters, digits and the signs that ids are made of: nothing that a log or a terminal would take for more.
fn harmless(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= LONGEST
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':' | b'/' | b'+' | b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_ids_are_taken_over() {
        for (id, taken) in
            [("a-1.b_2:c", true), ("", false), ("a b", false), ("a\"b", false), ("a\u{1b}[0m", false), ("한글", false)]
        {
            assert_eq!(harmless(id), taken, "{id:?}");
        }
        assert!(harmless(&"a".repeat(128)) && !harmless(&"a".repeat(129)));
    }
}
