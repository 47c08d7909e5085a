//! Closed classes that belong to the grammar: Korean particles and auxiliaries, English articles and pronouns.

use super::hangul;
use super::words::{Form, Leaf, What};

/// A Korean particle, as far as it matters to the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Josa {
    /// 이, 가, 은, 는, 을, 를, 도, 의 …: marks a role, filters nothing.
    Role,
    /// 에, 에서, 에는: at a place or time; with a range, "from".
    At,
    /// 부터
    From,
    /// 까지
    Until,
    /// 와, 과, 랑, 하고
    And,
    /// 이나, 나, 이든
    Or,
    /// 만
    Only,
    /// 보다
    Than,
    /// 마다
    Each,
    /// 인, 이고, 였던: "is"
    Is,
}

/// Hands over every Korean function word.
pub(super) fn korean(mut add: impl FnMut(String, Leaf)) {
    let particles: [(Josa, &[&str]); 10] = [
        (
            Josa::Role,
            &[
                "이",
                "가",
                "은",
                "는",
                "을",
                "를",
                "의",
                "도",
                "에게",
                "한테",
                "께서",
                "께",
                "로",
                "으로",
                "라도",
                "이라도",
                "이라는",
                "라는",
                "이란",
                "란",
                "들",
                "들이",
                "들은",
                "들을",
                "들의",
                "들도",
                "이요",
                "요",
                "로서",
                "으로서",
                "로써",
                "씩",
                "엔",
                "에선",
                "조차",
                "마저",
                "이서",
                "둘이서",
                "끼리",
                "끼리는",
                "끼리의",
                "짜리",
                "짜리의",
                "짜리만",
                "당",
                "처럼",
                "같은",
                "째",
                "님",
                "님이",
                "님은",
                "께서는",
                "에게서",
                "한테서",
                "하고는",
                "들끼리",
                "들한테",
                "서의",
            ],
        ),
        (Josa::At, &["에", "에서", "서", "에는", "에서는", "에도", "에서도", "에서의", "에의"]),
        (Josa::From, &["부터", "에서부터", "로부터", "으로부터", "부터는", "부터의"]),
        (Josa::Until, &["까지", "까지는", "까지의", "까지만"]),
        (Josa::And, &["와", "과", "랑", "이랑", "하고", "하구", "와의", "과의"]),
        (Josa::Or, &["이나", "나", "이든", "든", "이든지", "든지", "이거나", "거나"]),
        (Josa::Only, &["만", "만의", "만요", "뿐", "밖에"]),
        (Josa::Than, &["보다", "보다는", "보단", "보다도"]),
        (Josa::Each, &["마다"]),
        (
            Josa::Is,
            &[
                "인",
                "이고",
                "고",
                "이며",
                "이었던",
                "였던",
                "이던",
                "이야",
                "야",
                "이에요",
                "예요",
                "에요",
                "입니까",
                "인가요",
                "인가",
                "인지",
                "인지요",
                "입니다",
                "이냐",
                "냐",
                "임",
                "이었나요",
                "였나요",
                "이었나",
                "였나",
                "였지",
                "이었지",
                "였어",
                "이었어",
                "였어요",
                "이었어요",
                "였죠",
                "이었죠",
                "이죠",
                "죠",
                "이지",
                "지",
                "니",
                "이니",
                "던가요",
                "이던가요",
                "였는지",
                "이었는지",
                "이었습니까",
                "였습니까",
                "였습니다",
                "인데",
                "인데요",
                "이면서",
                "면서",
                "이라면",
                "라면",
                "이면",
                "이어야",
                "여야",
                "이니까",
                "이고요",
                "이었으면",
                "일까",
                "일까요",
                "일까나",
                "래",
                "이래",
                "네",
                "이네",
                "이네요",
                "네요",
                "인거",
                "라",
                "이라",
                "이라고",
                "라고",
                "였더라",
                "이었더라",
                "더라",
                "이더라",
                "였음",
                "이었음",
                "이었는데",
                "였는데",
                "인건",
                "인게",
                "이구",
                "이세요",
            ],
        ),
    ];
    for (josa, words) in particles {
        for word in words {
            add((*word).to_owned(), Leaf { what: What::Josa(josa), form: Form::Word });
        }
    }
    for stem in [
        "있",
        "가",
        "오",
        "버리",
        "주",
        "보",
        "놓",
        "두",
        "대",
        "내",
        "나",
        "지",
        "드리",
        "치우",
        "먹",
        "계시",
        "보이",
        "들",
        "나오",
        "나가지",
    ] {
        for (text, base) in hangul::bases(stem, false) {
            add(text, Leaf { what: What::Aux, form: Form::Verb(base) });
        }
    }
    for stem in ["하", "되", "시키", "나", "벌이", "저지르", "당하", "일으키", "생기", "치", "이루어지", "있"]
    {
        for (text, base) in hangul::bases(stem, false) {
            add(text, Leaf { what: What::Light, form: Form::Verb(base) });
        }
    }
}

/// Hands over the English words that filter nothing wherever they stand.
pub(super) fn english(mut add: impl FnMut(String, Leaf)) {
    let words = "the a an of that which this these those it its it's he she they them their his her him we us our i i'd i'm i've my me you your \
        did do does was were is are be been being has have had will would could should can may might must shall to in on at by with from into onto upon as so if \
        there here's there's that's what's who's where's when's how's and's am s t ' let's let lets who whom whose what \
        any some all each every both one ones something anything nothing himself herself themselves itself own such very just's then's too also even still ever already yet \
        doing done having up down out off away mark marks point points em 'em you've we've they've there've vs versus who've";
    for word in words.split_whitespace() {
        add(word.to_owned(), Leaf { what: What::Neutral, form: Form::Word });
    }
}
