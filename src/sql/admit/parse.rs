//! Text → the tree of one query. What would harm the parser itself is refused before it: length, nesting, control
//! characters.

use sqlparser::{
    ast::{Query, Statement},
    dialect::PostgreSqlDialect,
    keywords::Keyword,
    parser::{Parser, ParserError},
    tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Word},
};

use super::{Code, Refusal};
use crate::sql::catalog::Limits;

/// A text in tokens, none of which is a comment.
pub(super) struct Tokens {
    all: Vec<TokenWithSpan>,
    /// How often parser and walk may have to call themselves in one another, at most.
    pub(super) levels: usize,
}

/// The tokens of a text that is worth parsing.
pub(super) fn tokens(text: &str, limits: &Limits) -> Result<Tokens, Refusal> {
    if text.len() > limits.bytes {
        let message = format!("the statement has {} bytes; at most {} are read", text.len(), limits.bytes);
        return Err(Refusal::whole(Code::TooLong, message));
    }
    control_characters(text)?;
    let all = Tokenizer::new(&PostgreSqlDialect {}, text).tokenize_with_location().map_err(|error| Refusal {
        code: Code::Unparsable,
        message: shorten(&error.message),
        line: error.location.line,
        column: error.location.column,
    })?;
    let all: Vec<TokenWithSpan> =
        all.into_iter().filter(|token| !matches!(token.token, Token::Whitespace(_))).collect();
    let levels = shape(&all, limits)?;
    Ok(Tokens { all: spelled_out(all)?, levels })
}

/// What PostgreSQL reads and the parser does not: `ISNULL` and `NOTNULL`, and BETWEEN with `SYMMETRIC`, for which the
/// parser is given a sign that stands nowhere else ([`SYMMETRIC`]).
fn spelled_out(all: Vec<TokenWithSpan>) -> Result<Vec<TokenWithSpan>, Refusal> {
    let mut spelled: Vec<TokenWithSpan> = Vec::with_capacity(all.len());
    let mut after_between = false;
    for token in all {
        let span = token.span;
        let between = std::mem::take(&mut after_between);
        let last = spelled.last_mut();
        match (last, &token.token) {
            // 'a' 'b' on two lines are one text.
            (
                Some(TokenWithSpan { token: Token::SingleQuotedString(first), span: before }),
                Token::SingleQuotedString(second),
            ) if before.end.line < span.start.line => {
                first.push_str(second);
                before.end = span.end;
                continue;
            }
            // trim(BOTH FROM x)
            (
                Some(TokenWithSpan { token: Token::Word(Word { quote_style: None, keyword: side, .. }), .. }),
                Token::Word(of),
            ) if matches!(side, Keyword::BOTH | Keyword::LEADING | Keyword::TRAILING)
                && of.keyword == Keyword::FROM =>
            {
                spelled.push(TokenWithSpan { token: Token::SingleQuotedString(" ".to_owned()), span });
            }
            _ => {}
        }
        let mut keyword = |word: Keyword| {
            let value = format!("{word:?}");
            let token = Token::Word(Word { value, quote_style: None, keyword: word });
            spelled.push(TokenWithSpan { token, span });
        };
        match &token.token {
            &SYMMETRIC => {
                let (message, line, column) =
                    ("the operator !! is not allowed".to_owned(), span.start.line, span.start.column);
                return Err(Refusal { code: Code::OperatorNotAllowed, message, line, column });
            }
            Token::Word(Word { value, quote_style: None, keyword: of }) => match of {
                Keyword::BETWEEN => after_between = true,
                Keyword::NOTNULL => {
                    [Keyword::IS, Keyword::NOT, Keyword::NULL].into_iter().for_each(&mut keyword);
                    continue;
                }
                _ if value.eq_ignore_ascii_case("isnull") => {
                    [Keyword::IS, Keyword::NULL].into_iter().for_each(&mut keyword);
                    continue;
                }
                _ if between && value.eq_ignore_ascii_case("symmetric") => {
                    spelled.push(TokenWithSpan { token: SYMMETRIC, span });
                    continue;
                }
                // It is the usual one.
                _ if between && value.eq_ignore_ascii_case("asymmetric") => continue,
                _ => {}
            },
            _ => {}
        }
        spelled.push(token);
    }
    Ok(spelled)
}

/// `!!`, before the first bound of a BETWEEN alone.
const SYMMETRIC: Token = Token::DoubleExclamationMark;

/// The query of tokens that are exactly one statement, a SELECT (or `WITH … SELECT`). One `;` may end it.
pub(super) fn parse(tokens: Tokens, limits: &Limits) -> Result<Box<Query>, Refusal> {
    let dialect = PostgreSqlDialect {};
    let mut parser = Parser::new(&dialect).with_recursion_limit(limits.depth).with_tokens_with_locations(tokens.all);
    let mut statements = parser.parse_statements().map_err(unparsable)?;
    let statement = match (statements.pop(), statements.is_empty()) {
        (None, _) => return Err(Refusal::whole(Code::Empty, "there is no statement")),
        (Some(statement), true) => statement,
        (Some(_), false) => {
            return Err(Refusal::whole(Code::SeveralStatements, "one statement is expected, and there are several"));
        }
    };
    match statement {
        Statement::Query(query) => Ok(query),
        _ => Err(Refusal::whole(Code::NotASelect, "a SELECT is expected, and this is another statement")),
    }
}

/// NUL and the other control characters, also in quotes; line breaks and tabs are none.
fn control_characters(text: &str) -> Result<(), Refusal> {
    let (mut line, mut column) = (1, 1);
    for c in text.chars() {
        match c {
            '\n' => (line, column) = (line + 1, 1),
            c if is_control(c) => {
                let message = format!("the control character U+{:04X} is not allowed", u32::from(c));
                return Err(Refusal { code: Code::ControlCharacter, message, line, column });
            }
            _ => column += 1,
        }
    }
    Ok(())
}

/// Control characters, and the invisible ones that turn the direction of what is read.
pub(super) fn is_control(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// How many tokens, and how deep in parentheses: the parser calls itself for each. The levels are that depth and all that
/// can be in one another without parentheses; a long list counts too, because a chain of operators is as deep as long.
fn shape(tokens: &[TokenWithSpan], limits: &Limits) -> Result<usize, Refusal> {
    let refused = |code, message: String, at: Location| Refusal { code, message, line: at.line, column: at.column };
    if let Some(first) = tokens.get(limits.tokens) {
        let message = format!("the statement has more than {} words and signs", limits.tokens);
        return Err(refused(Code::TooLong, message, first.span.start));
    }
    let (mut depth, mut deepest, mut open) = (0_usize, 0_usize, 0_usize);
    let mut after_sign = false;
    for token in tokens {
        match &token.token {
            Token::LParen | Token::LBracket | Token::LBrace => depth += 1,
            Token::RParen | Token::RBracket | Token::RBrace => depth = depth.saturating_sub(1),
            Token::Placeholder(name) => {
                let message = format!(
                    "the placeholder {} has no value; write the value itself (the video needs no condition)",
                    shorten(name)
                );
                return Err(refused(Code::Placeholder, message, token.span.start));
            }
            Token::Word(word) if matches!(word.keyword, Keyword::CASE | Keyword::NOT) => open += 1,
            _ => {}
        }
        let sign = matches!(token.token, Token::Minus | Token::Plus);
        open += usize::from(sign && after_sign);
        after_sign = sign;
        deepest = deepest.max(depth);
        if depth > limits.depth {
            let message = format!("parentheses stand more than {} deep in one another", limits.depth);
            return Err(refused(Code::TooDeep, message, token.span.start));
        }
    }
    Ok(deepest + open + tokens.len() / 200)
}

fn unparsable(error: ParserError) -> Refusal {
    match error {
        ParserError::RecursionLimitExceeded => {
            Refusal::whole(Code::TooDeep, "expressions or queries stand too deep in one another")
        }
        ParserError::ParserError(message) | ParserError::TokenizerError(message) => {
            let (message, line, column) = located(&message);
            Refusal { code: Code::Unparsable, message: shorten(message), line, column }
        }
    }
}

/// Its message ends in ` at Line: 1, Column: 8`.
fn located(message: &str) -> (&str, u64, u64) {
    let found = message.rsplit_once(" at Line: ").and_then(|(head, place)| {
        let (line, column) = place.split_once(", Column: ")?;
        Some((head, line.parse().ok()?, column.parse().ok()?))
    });
    found.unwrap_or((message, 0, 0))
}

/// The beginning of what somebody else wrote, for a message.
pub(super) fn shorten(text: &str) -> String {
    const MOST: usize = 120;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
