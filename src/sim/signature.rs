//! Whether a request carries the credentials of the script: Signature Version 4, or an API key. Written apart from the SDK
//! that signs. The age of a signature is not checked: there is no clock here, and a script can refuse it by hand.

use hmac::{Hmac, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use sha2::{Digest, Sha256};

use super::script::{Keys, Refusal, Script};

/// A request as it came.
pub(super) struct Signed<'a> {
    pub(super) method: &'a str,
    /// As on the wire, still encoded.
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    /// By lower-case name.
    pub(super) header: &'a dyn Fn(&str) -> Option<String>,
    pub(super) body: &'a [u8],
    /// Of S3.
    pub(super) of_object: bool,
}

/// # Errors
/// What the service says of such credentials.
pub(super) fn check(script: &Script, request: &Signed<'_>) -> Result<(), Refusal> {
    let Some(given) = (request.header)("authorization") else {
        let open = script.credentials.is_none() && script.bearer_token.is_none();
        let missing = || Refusal::new("MissingAuthenticationTokenException", "Missing Authentication Token");
        return if open { Ok(()) } else { Err(missing()) };
    };
    if let Some(token) = given.strip_prefix("Bearer ") {
        return match &script.bearer_token {
            Some(expected) if expected != token => Err(Refusal::new(
                "AccessDeniedException",
                "Authentication failed: Please make sure your API Key is valid.",
            )),
            _ => Ok(()),
        };
    }
    match &script.credentials {
        Some(keys) => signature(keys, &given, request),
        None => Ok(()),
    }
}

fn signature(keys: &Keys, given: &str, request: &Signed<'_>) -> Result<(), Refusal> {
    let incomplete =
        |what: &str| Refusal::new("IncompleteSignatureException", &format!("Authorization header requires {what}"));
    let fields = given.strip_prefix(ALGORITHM).ok_or_else(|| incomplete(ALGORITHM))?;
    let field = |name: &str| {
        let mut all = fields.split(',').map(str::trim);
        all.find_map(|field| field.strip_prefix(name)?.strip_prefix('=')).ok_or_else(|| incomplete(name))
    };
    let (credential, signed_headers, signature) = (field("Credential")?, field("SignedHeaders")?, field("Signature")?);
    let (key_id, scope) = credential.split_once('/').ok_or_else(|| incomplete("a scope"))?;
    let [day, region, service, "aws4_request"] = scope.split('/').collect::<Vec<_>>()[..] else {
        return Err(incomplete("a scope of day/region/service/aws4_request"));
    };
    let unknown =
        || Refusal::new("UnrecognizedClientException", "The security token included in the request is invalid.");
    if key_id != keys.access_key_id || keys.session_token != (request.header)("x-amz-security-token") {
        return Err(unknown());
    }
    let wrong = |why: &str| {
        let said = "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
                    Access Key and signing method.";
        Refusal::new("InvalidSignatureException", &format!("{said} ({why})"))
    };
    let time = (request.header)("x-amz-date").ok_or_else(|| incomplete("x-amz-date"))?;
    let object = service == "s3";
    if !(object || service == "bedrock") || !time.starts_with(day) {
        return Err(wrong("Credential should be scoped to the service bedrock and the day of x-amz-date"));
    }
    if object != request.of_object {
        return Err(wrong("Credential should be scoped to the service that is asked"));
    }
    if !signed_headers.split(';').any(|name| name == "host") {
        return Err(wrong("'host' must be a signed header"));
    }
    let hash = hex::encode(Sha256::digest(request.body));
    let said = (request.header)("x-amz-content-sha256");
    if object && said.is_none() || said.is_some_and(|said| said != hash) {
        return Err(wrong("the body is not the one that was signed"));
    }
    let headers: String = signed_headers
        .split(';')
        .map(|name| format!("{name}:{}\n", (request.header)(name).unwrap_or_default().trim()))
        .collect();
    // Segments of the path are encoded once more than on the wire, but for S3.
    let path = if object { request.path.to_owned() } else { percent_encode(request.path.as_bytes(), PATH).to_string() };
    let query = sorted(request.query);
    let canonical = format!("{}\n{path}\n{query}\n{headers}\n{signed_headers}\n{hash}", request.method);
    let to_sign = format!("{ALGORITHM}\n{time}\n{scope}\n{}", hex::encode(Sha256::digest(canonical)));
    let seed = format!("AWS4{}", keys.secret_access_key).into_bytes();
    let key = [day, region, service, "aws4_request"].iter().fold(seed, |key, part| mac(&key, part));
    if hex::encode(mac(&key, &to_sign)) == signature { Ok(()) } else { Err(wrong("signature")) }
}

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// All but the unreserved characters and the slash.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

fn sorted(query: &str) -> String {
    let mut pairs: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_unstable();
    pairs.join("&")
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes keys of any length: the error cannot be.
    Hmac::<Sha256>::new_from_slice(key)
        .map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}
