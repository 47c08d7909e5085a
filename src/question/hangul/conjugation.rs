//! The surface bases of a verb from its stem.

use super::Base;
use super::syllable::{
    FINAL_B, FINAL_D, FINAL_L, FINAL_LM, FINAL_M, FINAL_N, FINAL_S, FINAL_SS, V_A, V_AE, V_E, V_EO, V_EU, V_I, V_O,
    V_OE, V_U, V_WA, V_WAE, V_WO, V_YA, V_YAE, V_YEO, join, split,
};

/// The bases of the verb whose dictionary form is `stem` + 다, honorific ones included.
pub(in crate::question) fn bases(stem: &str, irregular: bool) -> Vec<(String, Base)> {
    let mut out = plain_bases(stem, irregular);
    if let Some((open, _)) = out.iter().find(|(_, base)| *base == Base::Open).cloned() {
        out.extend(plain_bases(&format!("{open}시"), false));
    }
    out
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
                Some((l, pv, 0)) if last == '르' && !head.ends_with(['따', '치']) => {
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
