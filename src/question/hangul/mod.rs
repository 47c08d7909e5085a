//! Korean conjugation: the surface bases of a verb, and the endings that may follow each of them.

mod conjugation;
mod endings;
mod syllable;

pub(super) use conjugation::bases;
pub(super) use endings::endings_before;

/// What the ending of a verb says of how it is joined to what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Tail {
    /// Not a verb, or a verb that ends its clause.
    None,
    /// Modifies the noun that follows: 훔친, 훔치는, 훔칠.
    Adnominal,
    /// 훔치거나, 훔치든
    Or,
    /// 훔치고, 훔쳐서, 훔치다가: another act follows.
    Then,
    /// 훔치지 (않은)
    Negatable,
    /// 훔치기, 훔침
    Nominal,
    /// 훔치자마자
    AsSoonAs,
    /// 훔치면, 훔쳤을 때
    When,
}

/// Which endings a base takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Base {
    /// The stem: 훔치-, 앉-
    Stem,
    /// The stem before 으-endings: 훔치-, 앉으-, 누우-
    Open,
    /// Past adnominal: 훔친, 앉은
    Adnominal,
    /// Future adnominal: 훔칠, 앉을
    Future,
    /// 훔침, 앉음
    Noun,
    /// 훔칩-, 앉습-
    Formal,
    /// 훔쳐, 앉아
    Infinitive,
    /// 훔쳤-, 앉았-
    Past,
}
