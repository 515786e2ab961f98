//! What the Auth API's responses mean (Duo, "Auth API" v2: /ping, /preauth, /auth, /auth_status).
use serde_json::{Map, Value};
use std::fmt;

/// Why a request gave no answer to go on with.
#[derive(Debug, PartialEq)]
pub enum Trouble {
    /// No connection, or none of its bytes made a response.
    Connect(String),
    /// The API does not know the keys.
    Keys,
    /// The API failed, or says what cannot be understood.
    Server(String),
    /// The API refuses the request.
    Abort(String),
    /// `stat` is `FAIL`: its code and message. Another attempt may pass.
    Failed(String),
    /// Our own part failed; the terminal is told no more than login_duo tells.
    Own(Option<String>),
}

impl Trouble {
    /// Whether the API is out of use, so that `failmode` (or an offline factor) decides.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::Connect(_) | Self::Keys | Self::Server(_))
    }

    /// The reason for the log.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Own(None) => None,
            _ => Some(self.to_string()),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keys => f.write_str("Invalid ikey or skey"),
            Self::Connect(m) | Self::Server(m) | Self::Abort(m) | Self::Failed(m) | Self::Own(Some(m)) => f.write_str(m),
            Self::Own(None) => Ok(()),
        }
    }
}

type Outcome<T> = Result<T, Trouble>;

/// What an HTTP status says before the body is looked at.
///
/// # Errors
/// Anything but success.
pub fn check_status(status: u16) -> Outcome<()> {
    match status {
        200..=299 => Ok(()),
        401 => Err(Trouble::Keys),
        500..=599 => Err(Trouble::Server(format!("HTTP {status}"))),
        _ => Err(Trouble::Abort(format!("HTTP {status}"))),
    }
}

/// The answer to /preauth.
#[derive(Debug, PartialEq)]
pub enum Preauth {
    /// A factor is needed.
    Auth(Menu),
    /// None is needed; the message says why.
    Allow(String),
    /// The user may not log in.
    Deny(String),
    /// The user has no device yet; the text says where to enrol.
    Enroll(String),
}

/// What can be chosen from.
#[derive(Debug, Default, PartialEq)]
pub struct Menu {
    /// The prompt, ready to print.
    text: Option<String>,
    /// Answer and factor, such as `1` and `push1`.
    factors: Option<Vec<(String, String)>>,
    /// The transaction of a verified push.
    pub txid: Option<String>,
}

impl Menu {
    /// The prompt's text.
    ///
    /// # Errors
    /// The API sent none.
    pub fn text(&self) -> Outcome<&str> {
        self.text.as_deref().ok_or_else(|| missing("text"))
    }

    /// The factor to use unasked.
    ///
    /// # Errors
    /// The API sent none.
    pub fn default(&self) -> Outcome<&str> {
        self.named("default")?.ok_or_else(|| missing("default"))
    }

    /// The factor that `answer` stands for; `None`: it is a passcode, or a factor's own name.
    ///
    /// # Errors
    /// The API sent no factors.
    pub fn named(&self, answer: &str) -> Outcome<Option<&str>> {
        let factors = self.factors.as_ref().ok_or_else(|| missing("factors"))?;
        Ok(factors.iter().find(|(name, _)| name == answer).map(|(_, factor)| factor.as_str()))
    }
}

/// The answer to a synchronous /auth, or to /auth_status.
#[derive(Debug, PartialEq)]
pub struct Status {
    /// `Some(true)`: allowed; `None`: not decided yet.
    pub allowed: Option<bool>,
    /// What the user is told.
    pub message: String,
}

/// The server's clock in the answer to /ping, seconds since 1970.
///
/// # Errors
/// No such answer.
pub fn ping(body: &[u8]) -> Outcome<i64> {
    let time = response(body)?.get("time").and_then(Value::as_i64).filter(|t| *t > 0);
    time.ok_or_else(|| missing("time"))
}

/// The answer to /preauth.
///
/// # Errors
/// No such answer.
pub fn preauth(body: &[u8]) -> Outcome<Preauth> {
    let response = response(body)?;
    let result = text(&response, "result")?;
    if result.eq_ignore_ascii_case("auth") {
        return Ok(Preauth::Auth(menu(&response)));
    }
    let message = text(&response, "status_msg")?;
    match result.to_ascii_lowercase().as_str() {
        "allow" => Ok(Preauth::Allow(message)),
        "deny" => Ok(Preauth::Deny(message)),
        "enroll" => Ok(Preauth::Enroll(match response.get("enroll_portal_url").and_then(Value::as_str) {
            Some(url) if !message.contains(url) => format!("{message}\n{url}"),
            _ => message,
        })),
        _ => Err(Trouble::Server(format!("JSON invalid 'result': {result}"))),
    }
}

/// The transaction that an asynchronous /auth began.
///
/// # Errors
/// No such answer, or an identifier longer than any that Duo sends.
pub fn txid(body: &[u8]) -> Outcome<String> {
    let txid = text(&response(body)?, "txid")?;
    if txid.len() < 256 { Ok(txid) } else { Err(Trouble::Own(None)) }
}

/// The answer to a synchronous /auth.
///
/// # Errors
/// No such answer.
pub fn verdict(body: &[u8]) -> Outcome<Status> {
    let status = status(body)?;
    if status.allowed.is_none() { Err(Trouble::Server("JSON invalid 'result': waiting".into())) } else { Ok(status) }
}

/// The answer to /auth_status.
///
/// # Errors
/// No such answer.
pub fn status(body: &[u8]) -> Outcome<Status> {
    let response = response(body)?;
    let message = text(&response, "status_msg")?;
    let result = text(&response, "result")?;
    let allowed = match result.to_ascii_lowercase().as_str() {
        "allow" => Some(true),
        "deny" => Some(false),
        "waiting" => None,
        _ => return Err(Trouble::Server(format!("JSON invalid 'result': {result}"))),
    };
    Ok(Status { allowed, message })
}

fn menu(response: &Map<String, Value>) -> Menu {
    let prompt = response.get("prompt").and_then(Value::as_object);
    let factors = prompt.and_then(|p| p.get("factors")).and_then(Value::as_object);
    let string = |v: Option<&Value>| v.and_then(Value::as_str).map(str::to_string);
    Menu {
        text: string(prompt.and_then(|p| p.get("text"))),
        factors: factors.map(|f| f.iter().filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_string()))).collect()),
        txid: string(response.get("txid")).filter(|t| !t.is_empty()),
    }
}

fn missing(name: &str) -> Trouble {
    Trouble::Server(format!("JSON missing valid '{name}'"))
}

fn text(object: &Map<String, Value>, name: &str) -> Outcome<String> {
    object.get(name).and_then(Value::as_str).map(str::to_string).ok_or_else(|| missing(name))
}

/// The `response` of a body whose `stat` is `OK`.
fn response(body: &[u8]) -> Outcome<Map<String, Value>> {
    let mut envelope = match serde_json::from_slice(body) {
        Ok(Value::Object(envelope)) => envelope,
        Ok(_) => return Err(missing("stat")),
        Err(_) => return Err(Trouble::Server("invalid JSON response".into())),
    };
    let stat = text(&envelope, "stat")?;
    if stat.eq_ignore_ascii_case("FAIL") {
        let code = envelope.get("code").and_then(Value::as_i64).filter(|c| *c != 0).ok_or_else(|| missing("code"))?;
        let mut said = format!("{code}: {}", text(&envelope, "message")?);
        if let Some(detail) = envelope.get("message_detail").and_then(Value::as_str) {
            said += &format!(" ({detail})");
        }
        return Err(Trouble::Failed(said));
    }
    if !stat.eq_ignore_ascii_case("OK") {
        return Err(Trouble::Server(format!("JSON invalid 'stat': {stat}")));
    }
    match envelope.remove("response") {
        Some(Value::Object(response)) => Ok(response),
        _ => Err(missing("response")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(message: &str) -> Trouble {
        Trouble::Server(message.into())
    }

    #[test]
    fn envelopes() {
        for (body, want) in [
            ("", server("invalid JSON response")),
            ("[]", server("JSON missing valid 'stat'")),
            (r#"{"stat":"OK"}"#, server("JSON missing valid 'response'")),
            (r#"{"stat":"FAIL"}"#, server("JSON missing valid 'code'")),
            (r#"{"stat":"FAIL","code":1}"#, server("JSON missing valid 'message'")),
            (r#"{"stat":"BAD"}"#, server("JSON invalid 'stat': BAD")),
            (
                r#"{"stat":"FAIL","code":40002,"message":"Invalid","message_detail":"user"}"#,
                Trouble::Failed("40002: Invalid (user)".into()),
            ),
            (r#"{"stat":"OK","response":{}}"#, server("JSON missing valid 'time'")),
            (r#"{"stat":"OK","response":{"time":"1"}}"#, server("JSON missing valid 'time'")),
        ] {
            assert_eq!(ping(body.as_bytes()).unwrap_err(), want, "{body}");
        }
        assert_eq!(ping(br#"{"stat":"ok","response":{"time":5}}"#).unwrap(), 5);
    }

    #[test]
    fn statuses_of_http() {
        assert!(check_status(200).is_ok());
        assert_eq!(check_status(401), Err(Trouble::Keys));
        assert_eq!(check_status(503), Err(server("HTTP 503")));
        assert_eq!(check_status(429), Err(Trouble::Abort("HTTP 429".into())));
        assert!(
            Trouble::Keys.is_outage()
                && !Trouble::Abort(String::new()).is_outage()
                && !Trouble::Failed(String::new()).is_outage()
        );
    }

    #[test]
    fn preauths() {
        let of = |r: &str| preauth(format!(r#"{{"stat":"OK","response":{{{r}}}}}"#).as_bytes());
        assert_eq!(of(r#""result":"allow","status_msg":"m""#), Ok(Preauth::Allow("m".into())));
        assert_eq!(of(r#""result":"Deny","status_msg":"m""#), Ok(Preauth::Deny("m".into())));
        assert_eq!(of(r#""result":"enroll","status_msg":"m","enroll_portal_url":"u""#), Ok(Preauth::Enroll("m\nu".into())));
        assert_eq!(of(r#""result":"allow""#), Err(server("JSON missing valid 'status_msg'")));
        assert_eq!(of(r#""result":"perhaps","status_msg":"m""#), Err(server("JSON invalid 'result': perhaps")));
        let Ok(Preauth::Auth(menu)) =
            of(r#""result":"auth","txid":"t","prompt":{"text":"p","factors":{"default":"push1","1":"push1"}}"#)
        else {
            panic!("no menu")
        };
        assert_eq!(
            (menu.text(), menu.default(), menu.named("1"), menu.named("123456")),
            (Ok("p"), Ok("push1"), Ok(Some("push1")), Ok(None))
        );
        assert_eq!(menu.txid.as_deref(), Some("t"));
        let Ok(Preauth::Auth(menu)) = of(r#""result":"auth""#) else { panic!("no menu") };
        assert_eq!(
            (menu.text(), menu.named("1")),
            (Err(server("JSON missing valid 'text'")), Err(server("JSON missing valid 'factors'")))
        );
    }

    #[test]
    fn waiting_never_allows() {
        let body = |result: &str| format!(r#"{{"stat":"OK","response":{{"status_msg":"m","result":"{result}"}}}}"#);
        assert_eq!(status(body("waiting").as_bytes()).unwrap().allowed, None);
        assert!(verdict(body("waiting").as_bytes()).is_err());
        assert_eq!(verdict(body("allow").as_bytes()).unwrap().allowed, Some(true));
        assert_eq!(verdict(body("deny").as_bytes()).unwrap().allowed, Some(false));
        assert!(verdict(body("allowed").as_bytes()).is_err());
    }

    #[test]
    fn mutated_bodies_allow_only_what_says_allow() {
        let whole = br#"{"stat":"OK","response":{"status_msg":"m","result":"deny","txid":"t","prompt":{"text":"p","factors":{"1":"a"}}}}"#;
        let mut seed = 3u64;
        let mut random = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap()
        };
        for _ in 0..20_000 {
            let mut body = whole.to_vec();
            for _ in 0..random() % 4 + 1 {
                let at = random() % body.len();
                body[at] = u8::try_from(random() % 256).unwrap();
            }
            let allowed = |s: Outcome<Status>| s.is_ok_and(|s| s.allowed == Some(true));
            assert!(!allowed(status(&body)) && !allowed(verdict(&body)));
            assert!(!matches!(preauth(&body), Ok(Preauth::Allow(_))));
        }
    }
}
