//! Korean conjugation: the surface bases of a verb, and the endings that may follow each of them.

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

/// The bases of the verb whose dictionary form is `stem` + 다, honorific ones included.
pub(super) fn bases(stem: &str, irregular: bool) -> Vec<(String, Base)> {
    let mut out = plain_bases(stem, irregular);
    if let Some((open, _)) = out.iter().find(|(_, base)| *base == Base::Open).cloned() {
        out.extend(plain_bases(&format!("{open}시"), false));
    }
    out
}

/// The endings of a base; the empty one where the base stands alone.
pub(super) fn endings(base: Base) -> &'static [(&'static str, Tail)] {
    use Tail::{Adnominal, AsSoonAs, Negatable, Nominal, None as Final, Or, Then, When};
    match base {
        Base::Stem => &[
            ("거나", Or),
            ("든지", Or),
            ("든가", Or),
            ("든", Or),
            ("건", Or),
            ("고서", Then),
            ("고자", Final),
            ("다고", Final),
            ("다는", Adnominal),
            ("다던데", Final),
            ("기는", Nominal),
            ("긴", Nominal),
            ("고", Then),
            ("다가", Then),
            ("다", Final),
            ("며", Then),
            ("지", Negatable),
            ("진", Negatable),
            ("지는", Negatable),
            ("지도", Negatable),
            ("질", Negatable),
            ("기", Nominal),
            ("기만", Nominal),
            ("기도", Nominal),
            ("는", Adnominal),
            ("던", Adnominal),
            ("았던", Adnominal),
            ("는지", Final),
            ("는지요", Final),
            ("는데", Final),
            ("는데요", Final),
            ("는가", Final),
            ("는가요", Final),
            ("네", Final),
            ("네요", Final),
            ("니", Final),
            ("나", Final),
            ("나요", Final),
            ("냐", Final),
            ("냐고", Final),
            ("지요", Final),
            ("죠", Final),
            ("더라", Final),
            ("던데", Final),
            ("던가", Final),
            ("던가요", Final),
            ("자", Final),
            ("게", Final),
            ("도록", Final),
            ("는다", Final),
            ("길", Nominal),
            ("겠다", Final),
            ("겠어요", Final),
            ("겠습니까", Final),
            ("는거", Final),
            ("는구나", Final),
            ("냐구", Final),
            ("거든", Final),
            ("거든요", Final),
            ("는다고", Final),
            ("느냐", Final),
            ("는걸", Final),
            ("는건지", Final),
            ("는지를", Final),
            ("는지도", Final),
            ("나여", Final),
            ("던지", Or),
            ("자마자", AsSoonAs),
            ("는 즉시", AsSoonAs),
        ],
        Base::Open => &[
            ("면", When),
            ("면서", Then),
            ("며", Then),
            ("려고", Final),
            ("려는", Adnominal),
            ("려던", Adnominal),
            ("러", Final),
            ("니까", Final),
            ("니", Final),
            ("라", Final),
            ("십시오", Final),
            ("세요", Final),
            ("세여", Final),
            ("셔요", Final),
            ("셈", Final),
            ("실래요", Final),
            ("실래", Final),
            ("시겠어요", Final),
            ("시겠습니까", Final),
            ("실 수 있나요", Final),
            ("실 수 있을까요", Final),
            ("실수있나요", Final),
            ("신가요", Final),
            ("시죠", Final),
            ("시오", Final),
            ("려면", When),
            ("려고요", Final),
            ("므로", Final),
        ],
        Base::Adnominal => &[
            ("", Adnominal),
            ("지", Final),
            ("지요", Final),
            ("가", Final),
            ("가요", Final),
            ("데", Final),
            ("데요", Final),
            ("다", Final),
            ("다고", Final),
        ],
        Base::Future => &[
            ("", Adnominal),
            ("까", Final),
            ("까요", Final),
            ("지", Final),
            ("래", Final),
            ("래요", Final),
            ("게", Final),
            ("게요", Final),
        ],
        Base::Noun => &[("", Nominal)],
        Base::Formal => &[("니다", Final), ("니까", Final), ("시다", Final)],
        Base::Infinitive => &[
            ("", Then),
            ("서", Then),
            ("서는", Then),
            ("요", Final),
            ("라", Final),
            ("도", Then),
            ("야", Final),
            ("다", Then),
            ("놓고", Then),
        ],
        Base::Past => &[
            ("다", Final),
            ("어", Final),
            ("어요", Final),
            ("나", Final),
            ("나요", Final),
            ("냐", Final),
            ("냐고", Final),
            ("니", Final),
            ("는지", Final),
            ("는지요", Final),
            ("는데", Final),
            ("는데요", Final),
            ("는가", Final),
            ("는가요", Final),
            ("습니까", Final),
            ("습니다", Final),
            ("던", Adnominal),
            ("던가", Final),
            ("던가요", Final),
            ("던데", Final),
            ("던지", Final),
            ("지", Final),
            ("지요", Final),
            ("죠", Final),
            ("거나", Or),
            ("든", Or),
            ("든지", Or),
            ("고", Then),
            ("다가", Then),
            ("으면", When),
            ("을", Adnominal),
            ("을 텐데", Final),
            ("을텐데", Final),
            ("을까", Final),
            ("을까요", Final),
            ("음", Nominal),
            ("네", Final),
            ("네요", Final),
            ("다면", When),
            ("대", Final),
            ("대요", Final),
            ("더라", Final),
            ("다는", Adnominal),
            ("단", Adnominal),
            ("기", Nominal),
            ("으니", Final),
            ("는", Adnominal),
            ("는지를", Final),
            ("는지도", Final),
            ("느냐", Final),
            ("다고", Final),
            ("다던데", Final),
            ("었는지", Final),
            ("거든요", Final),
            ("구나", Final),
            ("나여", Final),
            ("니까", Final),
            ("노", Final),
            ("슴", Final),
            ("음요", Final),
            ("자", Final),
        ],
    }
}

fn plain_bases(stem: &str, irregular: bool) -> Vec<(String, Base)> {
    let Some(last) = stem.chars().last() else { return Vec::new() };
    let head = &stem[..stem.len() - last.len_utf8()];
    let Some((lead, vowel, tail)) = split(last) else { return Vec::new() };
    let with = |l: u32, v: u32, t: u32| format!("{head}{}", join(l, v, t));
    let mut out = vec![(stem.to_owned(), Base::Stem)];
    let mut push = |text: String, base: Base| out.push((text, base));

    // 하다: 하여/해.
    if last == '하' {
        for (text, base) in [
            ("하", Base::Open),
            ("한", Base::Adnominal),
            ("할", Base::Future),
            ("함", Base::Noun),
            ("합", Base::Formal),
            ("해", Base::Infinitive),
            ("하여", Base::Infinitive),
            ("했", Base::Past),
            ("하였", Base::Past),
        ] {
            push(format!("{head}{text}"), base);
        }
        return out;
    }
    match tail {
        // Vowel stems.
        0 => {
            push(stem.to_owned(), Base::Open);
            push(with(lead, vowel, FINAL_N), Base::Adnominal);
            push(with(lead, vowel, FINAL_L), Base::Future);
            push(with(lead, vowel, FINAL_M), Base::Noun);
            push(with(lead, vowel, FINAL_B), Base::Formal);
            for (infinitive, past) in vowel_infinitives(head, last, lead, vowel) {
                push(infinitive, Base::Infinitive);
                push(past, Base::Past);
            }
        }
        // ㄹ stems lose it before ㄴ, ㅂ, ㅅ.
        FINAL_L => {
            push(stem.to_owned(), Base::Open);
            push(with(lead, vowel, FINAL_N), Base::Adnominal);
            push(stem.to_owned(), Base::Future);
            push(with(lead, vowel, FINAL_LM), Base::Noun);
            push(with(lead, vowel, FINAL_B), Base::Formal);
            push(with(lead, vowel, 0), Base::Stem);
            push_a(stem, vowel, &mut out);
        }
        FINAL_B if irregular => {
            let open = format!("{}우", with(lead, vowel, 0));
            push(open.clone(), Base::Open);
            push(format!("{}운", with(lead, vowel, 0)), Base::Adnominal);
            push(format!("{}울", with(lead, vowel, 0)), Base::Future);
            push(format!("{}움", with(lead, vowel, 0)), Base::Noun);
            push(format!("{stem}습"), Base::Formal);
            push(format!("{}워", with(lead, vowel, 0)), Base::Infinitive);
            push(format!("{}웠", with(lead, vowel, 0)), Base::Past);
        }
        FINAL_D | FINAL_S if irregular => {
            let changed = with(lead, vowel, if tail == FINAL_D { FINAL_L } else { 0 });
            push(format!("{stem}습"), Base::Formal);
            for (ending, base) in
                [("으", Base::Open), ("은", Base::Adnominal), ("을", Base::Future), ("음", Base::Noun)]
            {
                push(format!("{changed}{ending}"), base);
            }
            push_a(&changed, vowel, &mut out);
        }
        _ => {
            push(format!("{stem}습"), Base::Formal);
            for (ending, base) in
                [("으", Base::Open), ("은", Base::Adnominal), ("을", Base::Future), ("음", Base::Noun)]
            {
                push(format!("{stem}{ending}"), base);
            }
            push_a(stem, vowel, &mut out);
        }
    }
    out
}

/// The infinitive and past of a stem that ends in a vowel.
fn vowel_infinitives(head: &str, last: char, lead: u32, vowel: u32) -> Vec<(String, String)> {
    let fused = |v: u32| (format!("{head}{}", join(lead, v, 0)), format!("{head}{}", join(lead, v, FINAL_SS)));
    let open = |v: &str, p: &str| (format!("{head}{last}{v}"), format!("{head}{last}{p}"));
    match vowel {
        V_A | V_EO | V_AE | V_E | V_YEO | V_YAE => vec![fused(vowel)],
        V_O => vec![fused(V_WA), open("아", "았")],
        V_U => vec![fused(V_WO), open("어", "었")],
        V_I => vec![fused(V_YEO), open("어", "었")],
        V_OE => vec![fused(V_WAE), open("어", "었")],
        V_EU => {
            let previous = head.chars().last().and_then(split);
            let bright = matches!(previous, Some((_, V_A | V_O, _)));
            let v = if bright { V_A } else { V_EO };
            match previous {
                // 르: 부르다, 불러.
                Some((l, pv, 0))
                    if last == '르' && head.chars().last() != Some('따') && head.chars().last() != Some('치') =>
                {
                    let cut = &head[..head.len() - 3];
                    let doubled = join(l, pv, FINAL_L);
                    vec![(
                        format!("{cut}{doubled}{}", join(lead, v, 0)),
                        format!("{cut}{doubled}{}", join(lead, v, FINAL_SS)),
                    )]
                }
                _ => vec![fused(v)],
            }
        }
        _ => vec![open("어", "었")],
    }
}

fn push_a(stem: &str, vowel: u32, out: &mut Vec<(String, Base)>) {
    let (infinitive, past) = if matches!(vowel, V_A | V_O | V_YA) { ("아", "았") } else { ("어", "었") };
    out.push((format!("{stem}{infinitive}"), Base::Infinitive));
    out.push((format!("{stem}{past}"), Base::Past));
}

// Indices of the Unicode Hangul syllable composition (The Unicode Standard, section 3.12).
const FINAL_N: u32 = 4;
const FINAL_D: u32 = 7;
const FINAL_L: u32 = 8;
const FINAL_LM: u32 = 10;
const FINAL_M: u32 = 16;
const FINAL_B: u32 = 17;
const FINAL_S: u32 = 19;
const FINAL_SS: u32 = 20;
const V_A: u32 = 0;
const V_AE: u32 = 1;
const V_YA: u32 = 2;
const V_YAE: u32 = 3;
const V_EO: u32 = 4;
const V_E: u32 = 5;
const V_YEO: u32 = 6;
const V_O: u32 = 8;
const V_WA: u32 = 9;
const V_WAE: u32 = 10;
const V_OE: u32 = 11;
const V_U: u32 = 13;
const V_WO: u32 = 14;
const V_EU: u32 = 18;
const V_I: u32 = 20;

fn split(c: char) -> Option<(u32, u32, u32)> {
    let at = u32::from(c).checked_sub(0xac00).filter(|at| *at < 11_172)?;
    Some((at / 588, at % 588 / 28, at % 28))
}

fn join(lead: u32, vowel: u32, tail: u32) -> char {
    char::from_u32(0xac00 + lead * 588 + vowel * 28 + tail).unwrap_or('\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::{Base, bases};

    fn check(verb: &str, irregular: bool, base: Base, expected: &[&str]) {
        let found: Vec<String> =
            bases(verb, irregular).into_iter().filter(|(_, b)| *b == base).map(|(text, _)| text).collect();
        for form in expected {
            assert!(found.iter().any(|f| f == form), "{verb}: {form} not among {found:?}");
        }
    }

    #[test]
    fn verbs_conjugate() {
        check("훔치", false, Base::Past, &["훔쳤"]);
        check("훔치", false, Base::Adnominal, &["훔친", "훔치신"]);
        check("걷", true, Base::Infinitive, &["걸어"]);
        check("눕", true, Base::Adnominal, &["누운"]);
        check("들", false, Base::Adnominal, &["든"]);
        check("부수", false, Base::Past, &["부쉈", "부수었"]);
        check("저지르", false, Base::Past, &["저질렀"]);
        check("쓰", false, Base::Infinitive, &["써"]);
        check("절도하", false, Base::Past, &["절도했"]);
        check("나가", false, Base::Past, &["나갔"]);
        check("들어오", false, Base::Past, &["들어왔"]);
        check("되", false, Base::Past, &["됐", "되었"]);
    }
}
