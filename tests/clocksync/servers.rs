//! Servers for the tests: real chronyd instances on loopback, and fakes that misbehave as no real one would.
use std::fs;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use tests::{Server, command, pkgs, ran, wait_for};

/// A real chronyd, and the port that it serves.
pub struct Chronyd {
    pub port: u16,
    _server: Server,
}

/// How a chronyd is to be.
pub struct Like<'a> {
    pub address: &'a str,
    /// `local stratum N` and the like.
    pub config: &'a str,
    /// What its clock is ahead, by libfaketime: `+50s`, or nothing.
    pub ahead: Option<&'a str>,
}

pub const RIGHT: Like = Like { address: "127.0.0.1", config: "local stratum 3", ahead: None };

impl Chronyd {
    pub fn start(dir: &Path, like: &Like) -> Self {
        let probe = UdpSocket::bind((like.address, 0)).expect("free port");
        let port = probe.local_addr().expect("address").port();
        drop(probe);
        let file = dir.join(format!("chrony.{port}.conf"));
        let Like { address, config, .. } = like;
        let own = dir.display();
        let text = format!(
            "{config}\nallow {address}\nport {port}\ncmdport 0\nbindaddress {address}\nbindcmdaddress {own}/{port}.sock\npidfile {own}/{port}.pid\n"
        );
        fs::write(&file, text).expect("chrony.conf");
        let mut c = command(pkgs("chrony").join("usr/sbin/chronyd"));
        // -x: it never touches the clock. -U: it needs not be root.
        let user = ran(command("id").arg("-un")).ok();
        c.args(["-x", "-U", "-d", "-u", user.trim(), "-f"]).arg(&file);
        if let Some(ahead) = like.ahead {
            let lib = pkgs("faketime").join("usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1");
            c.env("LD_PRELOAD", lib).env("FAKETIME", ahead);
        }
        let log = fs::File::create(dir.join(format!("chrony.{port}.log"))).expect("log");
        c.stdout(log.try_clone().expect("log")).stderr(log);
        let server = Server::start(&mut c);
        let pid = dir.join(format!("{port}.pid"));
        wait_for("chronyd", || pid.exists());
        Self { port, _server: server }
    }

    pub fn name(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

/// A fake server: `answer` makes the packets for each request, and whether each goes out from another port than the one asked.
pub struct Fake {
    pub port: u16,
}

impl Fake {
    pub fn start(mut answer: impl FnMut(&[u8], SocketAddr, &UdpSocket) + Send + 'static) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("port");
        let port = socket.local_addr().expect("address").port();
        // It ends with the test's process.
        std::thread::spawn(move || {
            let mut bytes = [0; 512];
            while let Ok((n, from)) = socket.recv_from(&mut bytes) {
                answer(&bytes[..n], from, &socket);
            }
        });
        Self { port }
    }

    pub fn name(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

/// A server's good reply to `request`, its clock `ahead` seconds ahead.
pub fn reply(request: &[u8], ahead: f64) -> Vec<u8> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs_f64() + ahead;
    let stamp = |t: f64| (((t.floor() as u64 + 2_208_988_800) << 32) + (t.fract() * 4294967296.0) as u64).to_be_bytes();
    let mut packet = vec![0x24, 2, 6, 0xec];
    packet.extend([0, 0, 0, 0, 0, 0, 0, 6, 192, 0, 2, 1]);
    packet.extend(stamp(now - 9.0));
    packet.extend(&request[40..48]);
    packet.extend(stamp(now));
    packet.extend(stamp(now));
    packet
}
