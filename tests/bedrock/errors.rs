//! Every error of the contract: its kind, how often it was sent, and what the user reads.

use std::fmt::Write;

use askline::model::ErrorKind::{self, *};

use crate::stand_in::{StandIn, chat};

/// Code, what the service says, the kind it becomes, how often the SDK sends the request.
const ERRORS: &[(&str, &str, ErrorKind, usize)] = &[
    ("AccessDeniedException", "You don't have access to the model with the specified model ID.", NotAllowed, 1),
    (
        "AccessDeniedException",
        "Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to this model.",
        NotAllowed,
        1,
    ),
    (
        "AccessDeniedException",
        "User: arn:aws:iam::123456789012:user/x is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:ap-northeast-2::foundation-model/y",
        NotAllowed,
        1,
    ),
    ("AccessDeniedException", "No.", NotAllowed, 1),
    (
        "ResourceNotFoundException",
        "Model use case details have not been submitted for this account. Fill out the Anthropic use case details form before using the model.",
        NotAllowed,
        1,
    ),
    (
        "ResourceNotFoundException",
        "This model version has reached the end of its life. Please refer to the AWS documentation for more details.",
        WrongModel,
        1,
    ),
    (
        "ResourceNotFoundException",
        "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the last 30 days.",
        WrongModel,
        1,
    ),
    (
        "ResourceNotFoundException",
        "Could not resolve the foundation model from the provided model identifier.",
        WrongModel,
        1,
    ),
    (
        "ValidationException",
        "Invocation of model ID X with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.",
        WrongModel,
        1,
    ),
    (
        "ValidationException",
        "Invocation of model ID X with on-demand throughput isn't supported. Retry your request with the ID or ARN of an inference profile that contains this model.",
        WrongModel,
        1,
    ),
    ("ValidationException", "The provided model identifier is invalid.", WrongModel, 1),
    ("ValidationException", "Input is too long for requested model.", TooLong, 1),
    (
        "ValidationException",
        "The model returned the following errors: prompt is too long: 210000 tokens > 200000 maximum",
        TooLong,
        1,
    ),
    (
        "ValidationException",
        "400 Bad Request: Too many input tokens. Max input tokens: 8192, request input token count: 9875",
        TooLong,
        1,
    ),
    (
        "ValidationException",
        "Malformed input request: #/inputText: expected maxLength: 50000, actual: 51000, please reformat your input and try again.",
        TooLong,
        1,
    ),
    (
        "ValidationException",
        "The model returned the following errors: temperature is deprecated for this model.",
        BadRequest,
        1,
    ),
    (
        "ValidationException",
        "The model returned the following errors: tool_choice forces tool use is not compatible with thinking",
        BadRequest,
        1,
    ),
    ("ValidationException", "This model doesn't support the toolConfig.toolChoice.tool field.", BadRequest, 1),
    ("ValidationException", "Something else about How many thefts were there? and \\u0007 bells", BadRequest, 1),
    ("ThrottlingException", "Too many requests, please wait before trying again.", Throttled, 3),
    ("ThrottlingException", "Too many tokens, please wait before trying again.", Throttled, 3),
    ("ThrottlingException", "Too many tokens per day, please wait before trying again.", QuotaSpent, 1),
    ("ServiceQuotaExceededException", "Quota.", QuotaSpent, 1),
    ("ModelNotReadyException", "The model is not ready.", Unavailable, 3),
    ("ModelTimeoutException", "Model took too long.", TimedOut, 1),
    ("ModelErrorException", "The model failed.", Unavailable, 1),
    ("ModelStreamErrorException", "The model failed.", Unavailable, 1),
    ("InternalServerException", "", Unavailable, 3),
    ("ServiceUnavailableException", "Bedrock is unable to process your request.", Unavailable, 3),
    ("BadGatewayException", "", Unavailable, 3),
    ("ConflictException", "", Unavailable, 1),
    ("DependencyFailedException", "The vector store failed.", Unavailable, 1),
    ("UnrecognizedClientException", "The security token included in the request is invalid.", BadCredentials, 1),
    (
        "InvalidSignatureException",
        "Signature expired: 20261122T000000Z is now earlier than 20261122T010000Z",
        BadCredentials,
        1,
    ),
    (
        "InvalidSignatureException",
        "The request signature we calculated does not match the signature you provided.",
        BadCredentials,
        1,
    ),
    ("ExpiredTokenException", "The security token included in the request is expired", BadCredentials, 1),
    ("MissingAuthenticationTokenException", "Missing Authentication Token", BadCredentials, 1),
    ("IncompleteSignatureException", "", BadCredentials, 1),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_error_of_the_contract_says_what_to_do() {
    let mut told = String::new();
    for (code, said, kind, sent) in ERRORS {
        // The client waits as the service asks, so that the test does not.
        let rules = format!("  - error: {{code: {code}, message: \"{said}\", retry_after_ms: 1}}\n");
        let sim = StandIn::new(&rules).await;
        let error = sim.complete(&chat()).await.unwrap_err();
        assert_eq!((error.kind, sim.ledger.requests().len()), (*kind, *sent), "{code}: {said}: {error}");
        assert!(error.request_id.is_some(), "{error:?}");
        assert!(!error.message.contains("thefts"), "a message never holds the prompt: {error}");
        let (_, streamed) = sim.stream(&chat()).await;
        assert_eq!(streamed.unwrap_err().message, error.message, "a stream that does not begin fails alike");
        writeln!(told, "{}: {}", error.kind.code(), error.message).unwrap();
    }
    insta::assert_snapshot!(told);
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_that_are_not_the_services_are_told_by_their_status() {
    for (raw, kind, sent) in [
        ("status: 502, content_type: text/html, body: '<html>bad gateway</html>'", Unavailable, 3),
        ("status: 503, body: ''", Unavailable, 3),
        ("status: 504, body: '{}'", Unavailable, 3),
        ("status: 403, content_type: text/html, body: '<html>a proxy</html>'", NotAllowed, 1),
        ("status: 404, body: '{}'", WrongModel, 1),
        ("status: 418, body: '{}'", BadRequest, 1),
    ] {
        let sim = StandIn::new(&format!("  - raw: {{{raw}}}\n")).await;
        let error = sim.complete(&chat()).await.unwrap_err();
        assert_eq!((error.kind, sim.ledger.requests().len()), (kind, sent), "{raw}: {error}");
    }
}

#[tokio::test]
async fn without_a_network_the_user_reads_so() {
    let nowhere = |settings: &mut askline::bedrock::Settings| settings.endpoint = Some("http://127.0.0.1:9".to_owned());
    let sim = StandIn::with("rules: [{reply: {text: ok}}]", nowhere).await;
    let error = sim.complete(&chat()).await.unwrap_err();
    assert_eq!(error.kind, Unavailable, "{error}");
    assert!(error.message.starts_with("Bedrock in ap-northeast-2 cannot be reached"), "{error}");
}
