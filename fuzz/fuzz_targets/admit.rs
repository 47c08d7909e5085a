//! Admits any text as SQL: without a panic, and what is written anew is admitted again, to the same words.
//!
//! What the guard did not mean to write (a name that ends its own quotes, a literal that turns into words) is something
//! else when it is read again.

#![no_main]

use std::sync::LazyLock;

use askline::{
    answer::Kind,
    sql::{Scope, admit::admit, catalog::Catalog},
};
use libfuzzer_sys::{Corpus, fuzz_target};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::builtin().expect("the catalog is sound"));

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Reject };
    let scope = Scope::video(1);
    let Ok(admitted) = admit(text, &CATALOG, &scope) else { return Corpus::Keep };
    let again = match admit(admitted.statement(), &CATALOG, &scope) {
        Ok(again) => again,
        Err(refusal) => panic!("{}\nis refused: {refusal}", admitted.statement()),
    };
    assert_eq!(again.statement(), admitted.statement());
    assert_eq!(again.columns(), admitted.columns(), "{}", admitted.statement());
    assert!(!admitted.rows().readable().is_empty());
    for kind in [Kind::Events, Kind::Scalar, Kind::Groups] {
        let _ = admitted.answer(kind);
    }
    Corpus::Keep
});
