//! HTTP/1.1 as this client speaks it: one request in one piece, one bounded response.
use zeroize::Zeroizing;

/// The most bytes of a response's head, and of its body.
pub const HEAD_MOST: usize = 16 << 10;
/// The most bytes of a response's body.
pub const BODY_MOST: usize = 64 << 10;

/// A response, read to its end.
#[derive(Debug, PartialEq)]
pub struct Response {
    /// Its status code.
    pub status: u16,
    /// Its body, at most [`BODY_MOST`] bytes.
    pub body: Vec<u8>,
    /// `Retry-After` or `X-Retry-After`, as sent.
    pub retry_after: Option<String>,
    /// Whether the connection carries another request.
    pub keep_alive: bool,
}

/// A request as bytes. `headers` end each in `\r\n`; the whole holds the signature, so it is wiped.
#[must_use]
pub fn request(method: &str, target: &str, headers: &str, body: Option<&str>) -> Zeroizing<Vec<u8>> {
    let mut text = format!("{method} {target} HTTP/1.1\r\n{headers}");
    if let Some(body) = body {
        text += &format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    } else {
        text += "\r\n";
    }
    Zeroizing::new(text.into_bytes())
}

/// How the body ends.
#[derive(PartialEq)]
enum Length {
    Known(usize),
    Chunked,
    UntilClose,
}

struct Head {
    response: Response,
    length: Length,
    /// Bytes of the head.
    size: usize,
}

/// Parses what has been received so far; `closed` when no more will come. `None`: more is needed.
///
/// # Errors
/// What is wrong with it, in a few words: malformed, or larger than the limits.
pub fn parse(received: &[u8], closed: bool) -> Result<Option<Response>, String> {
    let mut rest = received;
    let (mut head, after) = loop {
        let Some(head) = parse_head(rest)? else {
            if rest.len() >= HEAD_MOST {
                return Err("response head too large".into());
            }
            return if closed {
                Err(if received.is_empty() { "Connection closed" } else { "response cut short" }.into())
            } else {
                Ok(None)
            };
        };
        let after = rest.get(head.size..).unwrap_or_default();
        // Interim responses (RFC 9110, 15.2) come before the one that counts.
        if (100..200).contains(&head.response.status) && head.response.status != 101 {
            rest = after;
            continue;
        }
        break (head, after);
    };
    let body = match head.length {
        Length::Known(n) => after.get(..n).map(<[u8]>::to_vec),
        Length::Chunked => unchunk(after)?,
        Length::UntilClose if after.len() > BODY_MOST => return Err(too_large()),
        Length::UntilClose => closed.then(|| after.to_vec()),
    };
    match body {
        Some(body) => {
            head.response.body = body;
            Ok(Some(head.response))
        }
        None if closed => Err("response cut short".into()),
        None => Ok(None),
    }
}

/// The status and first line of a proxy's answer to CONNECT, once its head is whole.
///
/// # Errors
/// As [`parse`].
pub fn parse_connect(received: &[u8]) -> Result<Option<(u16, String)>, String> {
    match parse_head(received)? {
        Some(head) => {
            let line = received.split(|b| *b == b'\r' || *b == b'\n').next().unwrap_or_default();
            Ok(Some((head.response.status, String::from_utf8_lossy(line).into_owned())))
        }
        None if received.len() >= HEAD_MOST => Err("response head too large".into()),
        None => Ok(None),
    }
}

fn too_large() -> String {
    format!("response larger than {} KiB", BODY_MOST >> 10)
}

fn parse_head(received: &[u8]) -> Result<Option<Head>, String> {
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut fields);
    let bound = received.get(..HEAD_MOST).unwrap_or(received);
    let size = match head.parse(bound) {
        Ok(httparse::Status::Complete(size)) => size,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(e) => return Err(format!("malformed response: {e}")),
    };
    let status = head.code.unwrap_or_default();
    let mut keep_alive = head.version == Some(1);
    let (mut known, mut chunked, mut retry_after) = (None, false, None);
    for field in head.headers.iter() {
        let value = String::from_utf8_lossy(field.value).trim().to_string();
        match field.name.to_ascii_lowercase().as_str() {
            "content-length" => {
                let n = value.parse::<usize>().ok().filter(|_| value.bytes().all(|b| b.is_ascii_digit()));
                let n = n.ok_or("malformed response: Content-Length")?;
                if known.is_some_and(|before| before != n) {
                    return Err("malformed response: two Content-Lengths".into());
                }
                known = Some(n);
            }
            "transfer-encoding" if value.eq_ignore_ascii_case("chunked") => chunked = true,
            "transfer-encoding" => return Err("malformed response: Transfer-Encoding".into()),
            "connection" => {
                keep_alive = value.eq_ignore_ascii_case("keep-alive") || keep_alive && !value.eq_ignore_ascii_case("close")
            }
            "retry-after" | "x-retry-after" => retry_after = Some(value),
            _ => {}
        }
    }
    let length = match (chunked, known) {
        _ if status == 204 || status == 304 || status < 200 => Length::Known(0),
        // Both together are how requests are smuggled (RFC 9112, 6.3).
        (true, Some(_)) => return Err("malformed response: chunked and Content-Length".into()),
        (true, None) => Length::Chunked,
        (false, Some(n)) if n > BODY_MOST => return Err(too_large()),
        (false, Some(n)) => Length::Known(n),
        (false, None) => Length::UntilClose,
    };
    keep_alive &= length != Length::UntilClose;
    let response = Response { status, body: Vec::new(), retry_after, keep_alive };
    Ok(Some(Head { response, length, size }))
}

/// The body of a chunked message, `None` while it is not whole.
fn unchunk(mut rest: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let mut body = Vec::new();
    loop {
        let (start, size) = match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete(found)) => found,
            Ok(httparse::Status::Partial) if rest.len() > 1024 => return Err("malformed response: chunk".into()),
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err("malformed response: chunk".into()),
        };
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if size > BODY_MOST - body.len() {
            return Err(too_large());
        }
        rest = rest.get(start..).unwrap_or_default();
        if size == 0 {
            return Ok(trailer_ends(rest)?.then_some(body));
        }
        let Some(chunk) = rest.get(..size) else { return Ok(None) };
        body.extend_from_slice(chunk);
        match rest.get(size..size + 2) {
            Some(b"\r\n") => rest = rest.get(size + 2..).unwrap_or_default(),
            Some(_) => return Err("malformed response: chunk".into()),
            None => return Ok(None),
        }
    }
}

/// Whether the trailer is whole: its fields, which are not used, end in an empty line.
fn trailer_ends(rest: &[u8]) -> Result<bool, String> {
    if rest.starts_with(b"\r\n") || rest.windows(4).any(|w| w == b"\r\n\r\n") {
        return Ok(true);
    }
    if rest.len() > HEAD_MOST { Err("response trailer too large".into()) } else { Ok(false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd";
    const CHUNKED: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Slow\r\nTransfer-Encoding: chunked\r\nX-Retry-After: 3\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nA: b\r\n\r\n";

    #[test]
    fn whole_responses() {
        let got = parse(OK, false).unwrap().unwrap();
        assert_eq!((got.status, got.body.as_slice(), got.keep_alive), (200, &b"abcd"[..], true));
        let got = parse(CHUNKED, false).unwrap().unwrap();
        assert_eq!((got.status, got.body.as_slice(), got.retry_after.as_deref()), (429, &b"abcd"[..], Some("3")));
        let got = parse(b"HTTP/1.0 200 OK\r\n\r\nabcd", true).unwrap().unwrap();
        assert_eq!((got.body.as_slice(), got.keep_alive), (&b"abcd"[..], false));
        assert!(!parse(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", false).unwrap().unwrap().keep_alive);
    }

    #[test]
    fn every_prefix_asks_for_more_and_fails_when_closed() {
        for whole in [OK, CHUNKED] {
            for n in 0..whole.len() {
                assert_eq!(parse(&whole[..n], false), Ok(None), "{n}");
                assert!(parse(&whole[..n], true).is_err(), "{n}");
            }
        }
    }

    #[test]
    fn limits_hold() {
        let head = |fields: &str| format!("HTTP/1.1 200 OK\r\n{fields}\r\n");
        for (text, why) in [
            (head("Content-Length: 65537\r\n"), "response larger than 64 KiB"),
            (head("Transfer-Encoding: chunked\r\n") + "20000000\r\n", "response larger than 64 KiB"),
            (head("Transfer-Encoding: chunked\r\n") + "zz\r\n", "malformed response: chunk"),
            (head("Transfer-Encoding: gzip\r\n"), "malformed response: Transfer-Encoding"),
            (head("Content-Length: -1\r\n"), "malformed response: Content-Length"),
            (head("Content-Length: 1\r\nContent-Length: 2\r\n"), "malformed response: two Content-Lengths"),
            (head("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), "malformed response: chunked and Content-Length"),
            (head(&"A: b\r\n".repeat(65)), "malformed response: too many headers"),
            ("HTTP/1.1 200 OK\r\nA: ".to_string() + &"x".repeat(HEAD_MOST), "response head too large"),
            ("\x16\x03\x01".to_string(), "malformed response: invalid HTTP version"),
        ] {
            assert_eq!(parse(text.as_bytes(), false).unwrap_err(), why);
        }
        let body = head("") + &"x".repeat(BODY_MOST + 1);
        assert_eq!(parse(body.as_bytes(), false).unwrap_err(), "response larger than 64 KiB");
        assert_eq!(parse(b"", true).unwrap_err(), "Connection closed");
    }

    #[test]
    fn mutated_responses_never_panic_or_exceed() {
        let mut seed = 1u64;
        let mut random = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap()
        };
        for _ in 0..20_000 {
            let mut bytes = if random() % 2 == 0 { OK.to_vec() } else { CHUNKED.to_vec() };
            for _ in 0..random() % 4 + 1 {
                let at = random() % bytes.len();
                bytes[at] = u8::try_from(random() % 256).unwrap();
            }
            if let Ok(Some(got)) = parse(&bytes, random() % 2 == 0) {
                assert!(got.body.len() <= BODY_MOST);
            }
        }
    }

    #[test]
    fn requests() {
        assert_eq!(&request("GET", "/p?a=b", "Host: h\r\n", None)[..], b"GET /p?a=b HTTP/1.1\r\nHost: h\r\n\r\n");
        assert!(request("POST", "/p", "", Some("a=b")).ends_with(b"Content-Length: 3\r\n\r\na=b"));
    }
}
