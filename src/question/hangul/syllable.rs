//! Hangul syllables taken apart and put together (The Unicode Standard, section 3.12).

pub(super) fn split(c: char) -> Option<(u32, u32, u32)> {
    let at = u32::from(c).checked_sub(0xac00).filter(|at| *at < 11_172)?;
    Some((at / 588, at % 588 / 28, at % 28))
}

pub(super) fn join(lead: u32, vowel: u32, tail: u32) -> char {
    char::from_u32(0xac00 + lead * 588 + vowel * 28 + tail).unwrap_or('\u{fffd}')
}

// Indices of the composition.
pub(super) const FINAL_N: u32 = 4;
pub(super) const FINAL_D: u32 = 7;
pub(super) const FINAL_L: u32 = 8;
pub(super) const FINAL_LM: u32 = 10;
pub(super) const FINAL_M: u32 = 16;
pub(super) const FINAL_B: u32 = 17;
pub(super) const FINAL_S: u32 = 19;
pub(super) const FINAL_SS: u32 = 20;
pub(super) const V_A: u32 = 0;
pub(super) const V_AE: u32 = 1;
pub(super) const V_YA: u32 = 2;
pub(super) const V_YAE: u32 = 3;
pub(super) const V_EO: u32 = 4;
pub(super) const V_E: u32 = 5;
pub(super) const V_YEO: u32 = 6;
pub(super) const V_O: u32 = 8;
pub(super) const V_WA: u32 = 9;
pub(super) const V_WAE: u32 = 10;
pub(super) const V_OE: u32 = 11;
pub(super) const V_U: u32 = 13;
pub(super) const V_WO: u32 = 14;
pub(super) const V_EU: u32 = 18;
pub(super) const V_I: u32 = 20;
