//! A migration that is added does not touch any Rust file; this makes cargo notice it.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
