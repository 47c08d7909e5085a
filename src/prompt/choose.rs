//! Which examples a question is shown: those most like it, not too like each other, most of them in its language.
//! (Maximal marginal relevance, Carbonell and Goldstein 1998.)

use serde::Deserialize;

use crate::question::Lang;

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    /// How many.
    pub(super) most: usize,
    /// 0: likeness alone; towards 1, ever more different ones.
    pub(super) diversity: f32,
    /// How many of them may be in another language than the question.
    pub(super) other_languages: usize,
}

/// The chosen ones, the most like last, next to the question. Of a question without a vector, the first of its language.
pub(super) fn choose(
    choice: Choice,
    question: Option<&[f32]>,
    lang: Lang,
    pool: &[(Lang, Option<Vec<f32>>)],
) -> Vec<usize> {
    let Some(question) = question else {
        let own = pool.iter().enumerate().filter(|(_, (of, _))| *of == lang);
        return own.map(|(at, _)| at).take(choice.most).collect();
    };
    let like: Vec<f32> = pool.iter().map(|(_, vector)| vector.as_deref().map_or(-1.0, |v| dot(v, question))).collect();
    let mut chosen: Vec<usize> = Vec::with_capacity(choice.most);
    let mut others = 0;
    while chosen.len() < choice.most {
        let worth = |at: usize| {
            let nearest = chosen.iter().filter_map(|of| {
                let (one, other) = (pool[at].1.as_deref()?, pool[*of].1.as_deref()?);
                Some(dot(one, other))
            });
            like[at] * (1.0 - choice.diversity) - choice.diversity * nearest.fold(0.0_f32, f32::max)
        };
        let free = (0..pool.len()).filter(|at| !chosen.contains(at));
        let free = free.filter(|at| pool[*at].0 == lang || others < choice.other_languages);
        // The first of equals, so that the same question always sees the same examples.
        let best = free.map(|at| (at, worth(at))).reduce(|best, next| if next.1 > best.1 { next } else { best });
        let Some((at, _)) = best else { break };
        others += usize::from(pool[at].0 != lang);
        chosen.push(at);
    }
    chosen.sort_by(|one, other| like[*one].total_cmp(&like[*other]).then(other.cmp(one)));
    chosen
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_ones_of_its_language_and_not_twice_the_same() {
        let pool = vec![
            (Lang::En, Some(vec![1.0, 0.0])),
            (Lang::En, Some(vec![0.999, 0.04])),
            (Lang::En, Some(vec![0.6, 0.8])),
            (Lang::Ko, Some(vec![1.0, 0.0])),
            (Lang::Ko, Some(vec![0.0, 1.0])),
            (Lang::En, None),
        ];
        let choose = |most, diversity, other_languages, question: Option<&[f32]>, lang| {
            choose(Choice { most, diversity, other_languages }, question, lang, &pool)
        };
        let east: Option<&[f32]> = Some(&[1.0, 0.0]);
        assert_eq!(choose(2, 0.0, 0, east, Lang::En), [1, 0], "the most like is last");
        assert_eq!(choose(2, 0.7, 0, east, Lang::En), [2, 0], "its double is left out");
        assert_eq!(choose(3, 0.0, 1, east, Lang::En), [1, 3, 0]);
        assert_eq!(choose(9, 0.0, 0, east, Lang::Ko), [4, 3]);
        assert_eq!(choose(2, 0.0, 2, None, Lang::Ko), [3, 4], "without a vector, the first of its language");
        assert!(choose(2, 0.0, 2, east, Lang::Ja).len() == 2);
    }
}
