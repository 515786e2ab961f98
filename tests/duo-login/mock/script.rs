//! What the mock answers. A user name that is a number gets that HTTP status; the names below their scripts; any other a menu.
use crate::bson;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;

/// What would drive a terminal: C0 and C1 controls, and characters that turn the direction of text.
const HOSTILE: &str = "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}evil\u{2066}";

/// One request.
pub struct Request {
    pub method: String,
    pub path: String,
    /// The parameters as sent: what is signed.
    pub raw: String,
    pub headers: Vec<(String, String)>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone())
    }

    /// A parameter, decoded.
    pub fn param(&self, name: &str) -> Option<String> {
        let value = self.raw.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
        let mut bytes = Vec::new();
        let mut rest = value.bytes();
        while let Some(b) = rest.next() {
            let hex = |b: Option<u8>| char::from(b.expect("hex")).to_digit(16).expect("hex");
            bytes.push(if b == b'%' { u8::try_from(hex(rest.next()) * 16 + hex(rest.next())).expect("byte") } else { b });
        }
        Some(String::from_utf8(bytes).expect("UTF-8"))
    }
}

/// One answer.
pub struct Reply {
    pub status: u16,
    pub headers: String,
    pub body: Vec<u8>,
    pub pause: Duration,
}

impl Reply {
    pub fn status(status: u16) -> Self {
        Self { status, headers: String::new(), body: Vec::new(), pause: Duration::ZERO }
    }

    fn of(value: &Value) -> Self {
        Self { body: value.to_string().into_bytes(), ..Self::status(200) }
    }
}

/// Requests under way: transaction and the answers still to come, each `result`, text.
#[derive(Default)]
pub struct Script {
    transactions: HashMap<String, Vec<(&'static str, String)>>,
    last: u32,
}

impl Script {
    /// The answer to an authentic request; `busy` counts the 429s of this connection.
    pub fn answer(&mut self, request: &Request, now: i64, busy: &mut u32) -> Reply {
        if let Some(call) = request.path.strip_prefix("/rest/v1/") {
            return self.version_1(request, call.trim_end_matches(".bson"));
        }
        let user = request.param("username").unwrap_or_default();
        if let Ok(status) = user.parse() {
            return Reply::status(status);
        }
        match request.path.as_str() {
            "/auth/v2/ping" | "/auth/v2/check" => ok(json!({ "time": now })),
            "/auth/v2/preauth" => preauth(request, &user, busy),
            "/auth/v2/auth" if user == "auth-500" => Reply::status(500),
            "/auth/v2/auth" => {
                let steps = steps(&user, &request.param("prompt").unwrap_or_default(), request.param("txid"));
                if request.param("async").as_deref() == Some("1") {
                    self.last += 1;
                    let txid = format!("tx{}", self.last);
                    self.transactions.insert(txid.clone(), steps);
                    return ok(json!({ "txid": txid }));
                }
                let (result, text) = steps.last().cloned().unwrap_or(("deny", String::new()));
                ok(json!({ "result": result, "status": result, "status_msg": text }))
            }
            "/auth/v2/auth_status" => {
                let (result, text) = self.step(&request.param("txid").unwrap_or_default());
                ok(json!({ "result": result, "status": result, "status_msg": text }))
            }
            _ => Reply::status(404),
        }
    }

    fn step(&mut self, txid: &str) -> (&'static str, String) {
        let steps = self.transactions.entry(txid.into()).or_default();
        if steps.is_empty() { ("deny", "unknown transaction".into()) } else { steps.remove(0) }
    }

    /// The API as it was for login_duo 1.11.
    fn version_1(&mut self, request: &Request, call: &str) -> Reply {
        let user = request.param("user").unwrap_or_default();
        if let Ok(status) = user.parse() {
            return Reply::status(status);
        }
        let response = match (call, user.as_str()) {
            ("preauth", "preauth-allow") => json!({ "result": "allow", "status": "preauth-allowed" }),
            ("preauth", "preauth-deny") => json!({ "result": "deny", "status": "preauth-denied" }),
            ("preauth", "hostile") => json!({ "result": "deny", "status": HOSTILE }),
            ("preauth", "enroll") => json!({ "result": "enroll", "status": "Please enroll" }),
            ("preauth", _) => json!({ "result": "auth", "prompt": menu(&user), "factors": factors(false) }),
            ("auth", _) => {
                let steps = steps(&user, &request.param("auto").unwrap_or_default(), None);
                let (result, text) = steps.last().cloned().unwrap_or(("deny", String::new()));
                if request.param("async").as_deref() == Some("1") {
                    self.last += 1;
                    let txid = format!("tx{}", self.last);
                    self.transactions.insert(txid.clone(), steps);
                    json!({ "txid": txid })
                } else {
                    json!({ "result": result, "status": text })
                }
            }
            ("status", _) => match self.step(&request.param("txid").unwrap_or_default()) {
                ("waiting", text) => json!({ "status": text }),
                (result, text) => json!({ "result": result, "status": text }),
            },
            _ => return Reply::status(404),
        };
        let whole = json!({ "stat": "OK", "response": response });
        Reply { body: bson::document(whole.as_object().expect("object")), ..Reply::status(200) }
    }
}

fn ok(response: Value) -> Reply {
    Reply::of(&json!({ "stat": "OK", "response": response }))
}

fn menu(user: &str) -> String {
    format!(
        "Duo login for {user}\n\nEnter a passcode or select one of the following options:\n\n  1. Duo Push to XXX-XXX-1234\n  2. Phone call to XXX-XXX-1234\n  3. SMS passcodes to XXX-XXX-1234\n\nPasscode or option (1-3): "
    )
}

fn factors(verified: bool) -> Value {
    let push = if verified { "verified_push1" } else { "push1" };
    json!({ "default": push, "1": push, "2": "phone1", "3": "sms1" })
}

fn preauth(request: &Request, user: &str, busy: &mut u32) -> Reply {
    let result = |result: &str, text: &str| ok(json!({ "result": result, "status_msg": text }));
    let later = |headers: String, busy: &mut u32, most: u32| {
        *busy += 1;
        if *busy > most { result("allow", "preauth-allowed") } else { Reply { headers, ..Reply::status(429) } }
    };
    match user {
        "preauth-allow" => result("allow", "preauth-allowed"),
        "preauth-deny" => result("deny", "preauth-denied"),
        "preauth-nonsense" => result("perhaps", "x"),
        "no-response" => Reply::of(&json!({ "stat": "OK" })),
        "bad-stat" => Reply::of(&json!({ "stat": "BAD" })),
        "bad-json" => Reply { body: b"{\"stat\":".to_vec(), ..Reply::status(200) },
        "fail" => Reply::of(&json!({ "stat": "FAIL", "code": 40002, "message": "Invalid request parameters" })),
        "hostile" => result("deny", HOSTILE),
        "failmode" => result("deny", &request.param("failmode").unwrap_or_default()),
        "address" => result("deny", &request.param("ipaddr").unwrap_or_default()),
        "busy" => later("Retry-After: 1\r\n".into(), busy, 1),
        "busy-twice" => later(String::new(), busy, 2),
        "busy-for-long" => later("Retry-After: 3600\r\n".into(), busy, u32::MAX),
        "enroll" => ok(json!({ "result": "enroll", "status_msg": "Enroll an authentication device to proceed",
            "enroll_portal_url": "https://api-test.duosecurity.com/portal?code=4" })),
        _ => {
            let verified = request.param("client_supports_verified_push").is_some();
            let mut response = json!({ "result": "auth", "status_msg": "Account is active" });
            if request.param("text_prompt").is_some() {
                response["prompt"] = json!({ "text": menu(user), "factors": factors(verified) });
            }
            if verified {
                response["txid"] = json!("verified-push-txid");
            }
            ok(response)
        }
    }
}

/// What becomes of a factor.
fn steps(user: &str, factor: &str, txid: Option<String>) -> Vec<(&'static str, String)> {
    let success = ("allow", "Success. Logging you in...".to_string());
    let pushed = ("waiting", "Pushed a login request to your phone...".to_string());
    match factor {
        _ if txid.is_some() != factor.starts_with("verified_push") => vec![("deny", "txid does not belong here".into())],
        "verified_push1" => vec![("waiting", "Please enter verification code 376 into Duo Mobile...".into()), success],
        "push1" if user == "push-never" => vec![pushed; 30],
        "push1" if user.starts_with("push-deny") => vec![pushed, ("deny", "Login request denied.".into())],
        "push1" => vec![pushed, success],
        "phone1" => vec![
            ("waiting", "Dialing XXX-XXX-1234...".into()),
            ("waiting", "Answered. Press '#' on your phone to log in.".into()),
            success,
        ],
        "sms1" => vec![("deny", "New SMS passcodes sent".into())],
        "123456" => vec![success],
        _ => vec![("deny", "Invalid passcode, please try again.".into())],
    }
}
