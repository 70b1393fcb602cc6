//! The way out of the house: a mail server, a demonstration's catcher, or none.

use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

use super::model::Letter;
use crate::ids::MailId;

/// How long a mail server may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// Not at all: for a server on this machine.
    Off,
    /// Encrypted after the greeting (STARTTLS), or not at all sent.
    StartTls,
    /// Encrypted from the beginning.
    Tls,
}

/// Where the mail server is, and who writes.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// The server's name, which its certificate bears.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: SmtpSecurity,
    /// The name and the password there, where they are asked for.
    pub credentials: Option<(String, SecretString)>,
    /// The sender, such as `Jebena <no-reply@jebena.example>`.
    pub from: String,
}

/// Whether `text` can be the sender of mails.
#[must_use]
pub fn is_sender(text: &str) -> bool {
    text.parse::<Mailbox>().is_ok()
}

/// Why the way out cannot be taken at all.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// The sender is no address.
    #[error("the sender of mails is no address")]
    From,
    /// The name of the server cannot stand in a certificate.
    #[error("the mail server's name is none")]
    Host,
}

/// Why a letter did not leave.
#[derive(Debug, thiserror::Error)]
pub(super) enum HandOverError {
    /// Come again.
    #[error("the mail server is not ready: {0}")]
    NotReady(String),
    /// Never.
    #[error("the mail server does not take it: {0}")]
    Refused(String),
    /// Nobody has said which server.
    #[error("no mail server is set")]
    NoServer,
}

/// The way out of the house.
#[derive(Clone)]
pub enum Mailer {
    /// To a mail server.
    Smtp(Box<Smtp>),
    /// To a page of the product, for everybody to read: in a demonstration.
    Catcher,
    /// There is none.
    Nobody,
}

/// It holds a password.
impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Smtp(_) => "Smtp",
            Self::Catcher => "Catcher",
            Self::Nobody => "Nobody",
        })
    }
}

/// A mail server, and who writes.
#[derive(Clone)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// The way to the mail server of `settings`; it is not asked yet.
    ///
    /// # Errors
    /// [`MailerError`].
    pub fn smtp(settings: &SmtpSettings) -> Result<Self, MailerError> {
        let from = settings.from.parse().map_err(|_| MailerError::From)?;
        let parameters = || TlsParameters::new(settings.host.clone()).map_err(|_| MailerError::Host);
        let tls = match settings.security {
            SmtpSecurity::Off => Tls::None,
            SmtpSecurity::StartTls => Tls::Required(parameters()?),
            SmtpSecurity::Tls => Tls::Wrapper(parameters()?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        if let Some((user, password)) = &settings.credentials {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
        }
        Ok(Self::Smtp(Box::new(Smtp { transport: builder.build(), from })))
    }

    /// Whether mails reach anybody.
    #[must_use]
    pub const fn is_there(&self) -> bool {
        matches!(self, Self::Smtp(_) | Self::Catcher)
    }

    /// Gives the letter to the server. What goes wrong is told without the address.
    pub(super) async fn send(&self, id: MailId, letter: &Letter) -> Result<(), HandOverError> {
        match self {
            Self::Smtp(smtp) => smtp.send(id, letter).await,
            Self::Catcher => Ok(()),
            Self::Nobody => Err(HandOverError::NoServer),
        }
    }
}

impl Smtp {
    async fn send(&self, id: MailId, letter: &Letter) -> Result<(), HandOverError> {
        let message = self.message(id, letter).map_err(|()| HandOverError::Refused("no address".to_owned()))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let code = error.status().map_or_else(|| "no answer".to_owned(), |code| code.to_string());
                Err(if error.is_permanent() { HandOverError::Refused(code) } else { HandOverError::NotReady(code) })
            }
        }
    }

    fn message(&self, id: MailId, letter: &Letter) -> Result<Message, ()> {
        let to = Mailbox::new(None, letter.to.parse().map_err(|_| ())?);
        let builder: MessageBuilder = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject.clone())
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN);
        builder.body(letter.text.clone()).map_err(|_| ())
    }
}
