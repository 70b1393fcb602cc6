//! A mail server that speaks SMTP on a port of its own and keeps what it is given.

use std::sync::{Arc, Mutex};

use jebena::mail::{Mailer, SmtpSecurity, SmtpSettings};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server answers to a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Willing,
    /// It asks to come again.
    Busy,
    /// It knows no such receiver.
    Unwilling,
}

/// A mail as it came over the line.
#[derive(Debug, Clone)]
pub struct Delivered {
    pub from: String,
    pub to: Vec<String>,
    /// Head and body, with the transfer's encoding taken off.
    pub text: String,
}

#[derive(Debug)]
struct Box {
    mood: Mood,
    mails: Vec<Delivered>,
}

/// A mail server.
#[derive(Debug, Clone)]
pub struct Postbox {
    port: u16,
    inside: Arc<Mutex<Box>>,
}

impl Postbox {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let inside = Arc::new(Mutex::new(Box { mood: Mood::Willing, mails: Vec::new() }));
        let kept = inside.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = kept.clone();
                // Who hangs up in the middle has said nothing.
                tokio::spawn(async move { drop(converse(stream, &kept).await) });
            }
        });
        Self { port, inside }
    }

    /// The way to it.
    pub fn mailer(&self) -> Mailer {
        let settings = SmtpSettings {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            security: SmtpSecurity::Off,
            credentials: None,
            from: "Jebena <no-reply@jebena.example>".to_owned(),
        };
        Mailer::smtp(&settings).unwrap()
    }

    pub fn be(&self, mood: Mood) {
        self.inside.lock().unwrap().mood = mood;
    }

    /// What has come since the last time.
    pub fn take(&self) -> Vec<Delivered> {
        std::mem::take(&mut self.inside.lock().unwrap().mails)
    }
}

async fn converse(stream: TcpStream, inside: &Mutex<Box>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 postbox\r\n").await?;
    let (mut from, mut to, mut line) = (String::new(), Vec::new(), String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let mood = inside.lock().unwrap().mood;
        let address = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => "250 postbox",
            "MAIL" => {
                from = address();
                "250 yes"
            }
            "RCPT" => match mood {
                Mood::Willing => {
                    to.push(address());
                    "250 yes"
                }
                Mood::Busy => "451 come again",
                Mood::Unwilling => "550 nobody of that name here",
            },
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let text = decoded(&read_data(&mut stream).await?);
                let mail = Delivered { from: from.clone(), to: std::mem::take(&mut to), text };
                inside.lock().unwrap().mails.push(mail);
                "250 kept"
            }
            "QUIT" => {
                stream.write_all(b"221 farewell\r\n").await?;
                return Ok(());
            }
            _ => "250 yes",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

async fn read_data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let (mut text, mut line) = (String::new(), String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

/// The head as it is, and the body as it was before it was encoded for the line.
fn decoded(mail: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let (head, body) = mail.split_once("\r\n\r\n").unwrap_or((mail, ""));
    let encoding = head.lines().find_map(|line| line.strip_prefix("Content-Transfer-Encoding: ")).unwrap_or("7bit");
    let body = match encoding {
        "base64" => {
            let digits: String = body.split_whitespace().collect();
            String::from_utf8(STANDARD.decode(digits).unwrap()).unwrap()
        }
        "quoted-printable" => quoted_printable(body),
        _ => body.to_owned(),
    };
    format!("{head}\n\n{}", body.replace("\r\n", "\n"))
}

fn quoted_printable(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
    while let Some((first, more)) = rest.split_first() {
        if *first == b'=' && more.len() >= 2 {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&more[..2]).unwrap(), 16).unwrap());
            rest = &more[2..];
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    String::from_utf8(bytes).unwrap()
}
