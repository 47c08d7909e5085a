//! The table of what an error of Bedrock means and what the user does next.

use crate::model::ErrorKind;

/// One error, by its code and what its text holds.
pub(super) struct Advice {
    pub(super) code: &'static str,
    /// Lower case, plain apostrophes; empty fits any text.
    pub(super) holds: &'static str,
    pub(super) kind: ErrorKind,
    /// What it is and what to do; `{model}`, `{region}`, `{setting}` and `{action}` are filled in.
    pub(super) next: &'static str,
}

const fn row(code: &'static str, holds: &'static str, kind: ErrorKind, next: &'static str) -> Advice {
    Advice { code, holds, kind, next }
}

/// The first that fits holds; the plain code stands last among its own.
pub(super) const ADVICE: &[Advice] = &[
    row(
        "AccessDeniedException",
        "don't have access to the model",
        ErrorKind::NotAllowed,
        "this account has no access to {model} in {region}: enable it in the Bedrock console under Model access, and check \
         the region",
    ),
    row(
        "AccessDeniedException",
        "aws-marketplace",
        ErrorKind::NotAllowed,
        "the first use of {model} must subscribe to it, and this role may not: allow aws-marketplace:ViewSubscriptions and \
         aws-marketplace:Subscribe once, or let an administrator call the model once; then try again after 5 minutes",
    ),
    row(
        "AccessDeniedException",
        "not authorized to perform",
        ErrorKind::NotAllowed,
        "an IAM permission for {model} is missing: allow the action that AWS names ({action}) on it; of a model, on the \
         foundation model, on the inference profile, and on the model in every region the profile leads to",
    ),
    row(
        "AccessDeniedException",
        "",
        ErrorKind::NotAllowed,
        "access to {model} in {region} is denied: check model access in the Bedrock console and the IAM permissions",
    ),
    row(
        "ResourceNotFoundException",
        "use case details have not been submitted",
        ErrorKind::NotAllowed,
        "Anthropic's form for first use was not filled in for this account: fill it in under Model access in the Bedrock \
         console, then try again after 15 minutes",
    ),
    row(
        "ResourceNotFoundException",
        "end of its life",
        ErrorKind::WrongModel,
        "{model} has been switched off: set {setting} to a current model",
    ),
    row(
        "ResourceNotFoundException",
        "legacy",
        ErrorKind::WrongModel,
        "{model} is a legacy model that this account no longer uses: set {setting} to a current model",
    ),
    row(
        "ResourceNotFoundException",
        "",
        ErrorKind::WrongModel,
        "{model} is not found in {region}: check {setting} and the region",
    ),
    row(
        "ValidationException",
        "on-demand throughput isn't supported",
        ErrorKind::WrongModel,
        "{model} is served through inference profiles only: put global., us., eu. or apac. before its id, as the region has \
         it",
    ),
    row(
        "ValidationException",
        "model identifier is invalid",
        ErrorKind::WrongModel,
        "{model} is not a model of {region}: check the id, its prefix and the region with `aws bedrock \
         list-foundation-models` and `list-inference-profiles`",
    ),
    row("ValidationException", "input is too long", ErrorKind::TooLong, TOO_LONG),
    row("ValidationException", "prompt is too long", ErrorKind::TooLong, TOO_LONG),
    row("ValidationException", "too many input tokens", ErrorKind::TooLong, TOO_LONG),
    row("ValidationException", "expected maxlength", ErrorKind::TooLong, TOO_LONG),
    row(
        "ValidationException",
        "temperature",
        ErrorKind::BadRequest,
        "{model} does not take the temperature it was given: set `sampling_params: false` for it in the model table",
    ),
    row(
        "ValidationException",
        "tool_choice",
        ErrorKind::BadRequest,
        "{model} cannot be made to use a tool: set `forced_tool_use: false` for it in the model table",
    ),
    row(
        "ValidationException",
        "toolchoice",
        ErrorKind::BadRequest,
        "{model} cannot be made to use a tool: set `forced_tool_use: false` for it in the model table",
    ),
    row(
        "ValidationException",
        "",
        ErrorKind::BadRequest,
        "Bedrock refuses the request to {model}: check the prompt file and the model table",
    ),
    row(
        "ThrottlingException",
        "per day",
        ErrorKind::QuotaSpent,
        "the daily tokens of {model} are used up, and trying again today is of no use: use another model, or ask AWS for a \
         higher quota",
    ),
    row(
        "ThrottlingException",
        "",
        ErrorKind::Throttled,
        "{model} was asked too often or too much, also after waiting: try again later, lower the output tokens, use a \
         global. inference profile, or ask AWS for a higher quota",
    ),
    row(
        "ServiceQuotaExceededException",
        "",
        ErrorKind::QuotaSpent,
        "a quota of the account is used up: ask AWS for a higher one under Service Quotas",
    ),
    row(
        "ModelNotReadyException",
        "",
        ErrorKind::Unavailable,
        "{model} is starting up: try again in a minute, or use another model",
    ),
    row(
        "ModelTimeoutException",
        "",
        ErrorKind::TimedOut,
        "{model} took too long for Bedrock: ask for fewer output tokens, or use a faster model",
    ),
    row("ModelErrorException", "", ErrorKind::Unavailable, "{model} failed: try once more, or use another model"),
    row(
        "ModelStreamErrorException",
        "",
        ErrorKind::Unavailable,
        "{model} failed while it replied: try once more, or use another model",
    ),
    row("InternalServerException", "", ErrorKind::Unavailable, SERVICE),
    row("ServiceUnavailableException", "", ErrorKind::Unavailable, SERVICE),
    row("BadGatewayException", "", ErrorKind::Unavailable, SERVICE),
    row(
        "ConflictException",
        "",
        ErrorKind::Unavailable,
        "something else is changing what was asked for: try again in a minute",
    ),
    row(
        "DependencyFailedException",
        "",
        ErrorKind::Unavailable,
        "what {model} depends on failed (its vector store, the store's secret, or a reranker): look at it in the AWS \
         console, and mend it",
    ),
    row(
        "UnrecognizedClientException",
        "",
        ErrorKind::BadCredentials,
        "AWS does not know these credentials: check AWS_ACCESS_KEY_ID, and AWS_SESSION_TOKEN where keys are temporary",
    ),
    row(
        "InvalidSignatureException",
        "expired",
        ErrorKind::BadCredentials,
        "AWS finds the request too old or too new: set this machine's clock",
    ),
    row(
        "InvalidSignatureException",
        "",
        ErrorKind::BadCredentials,
        "the signature is wrong: check AWS_SECRET_ACCESS_KEY, the region, and this machine's clock",
    ),
    row(
        "IncompleteSignatureException",
        "",
        ErrorKind::BadCredentials,
        "the request is not signed in full: check the AWS credentials",
    ),
    row(
        "ExpiredTokenException",
        "",
        ErrorKind::BadCredentials,
        "the AWS session has ended: sign in again (aws sso login), or renew AWS_SESSION_TOKEN",
    ),
    row(
        "MissingAuthenticationTokenException",
        "",
        ErrorKind::BadCredentials,
        "the request carried no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK",
    ),
];

const TOO_LONG: &str = "the prompt is longer than {model} takes: shorten it, or use a model with a longer context";
const SERVICE: &str = "Bedrock failed on its side, also after trying again: try later, or use another model or region";
