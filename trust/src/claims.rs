//! What a seal says of a paper: who issued which paper when, for how long, the hash of its content, and the facts that
//! somebody compares with the sheet in the hand.
//!
//! Written as a CWT (RFC 8392): claim 1 the issuing organisation, 4 until when, 5 from when, 6 issued when, 7 the code
//! (16 bytes). All else stands in one map under the private claim -65537, so that each fact costs a byte of name and not
//! five:
//!
//! | key | what |
//! |---|---|
//! | 1 | kind of paper ([`Kind::number`]) |
//! | 2 | its number |
//! | 3 | SHA-256 of its content |
//! | 4 | which duplicate of a lost sheet; absent for the first |
//! | 5 | signatories: a list of `[name, office]`; absent where none is named |
//! | 6 | facts by [`Fact::number`] |

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::{
    cbor::{Fault, Reader, Writer},
    code::Code,
    facts::{Fact, Kind, Value},
    moment::Moment,
    text::is_plain,
};

const ISSUER: i64 = 1;
const UNTIL: i64 = 4;
const FROM: i64 = 5;
const ISSUED: i64 = 6;
const CODE: i64 = 7;
const PAPER: i64 = -65_537;

const KIND: i64 = 1;
const NUMBER: i64 = 2;
const CONTENT: i64 = 3;
const DUPLICATE: i64 = 4;
const SIGNATORIES: i64 = 5;
const FACTS: i64 = 6;

/// The longest code of an organisation, number or name, in bytes: three for each Ethiopic letter.
const LONGEST: usize = 96;
/// A paper has two signatories at most; an exporter's may add a third.
const MOST_SIGNATORIES: usize = 3;
/// The most facts that one paper tells.
const MOST_FACTS: usize = 15;

/// What a seal says. Made by [`Claims::checked`] alone, so that what there is can be sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claims {
    /// The code of the issuing organisation.
    pub issuer: String,
    /// Which paper.
    pub kind: Kind,
    /// Its official number.
    pub number: String,
    /// Under which code it is found.
    pub code: Code,
    /// When it was issued.
    #[serde(serialize_with = "written")]
    pub issued_at: Moment,
    /// From when it is in force, where that is later.
    #[serde(serialize_with = "written_or_none", skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Moment>,
    /// The first moment at which it is over; absent where it has no end.
    #[serde(serialize_with = "written_or_none", skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Moment>,
    /// SHA-256 of what it says.
    #[serde(serialize_with = "hex::serialize")]
    pub content_sha256: [u8; 32],
    /// Which duplicate of a lost sheet it is; 0 for the paper as it was first issued.
    pub duplicate: u32,
    /// Who put their name to it, in the order of the sheet.
    pub signatories: Vec<Signatory>,
    /// What is to be compared.
    pub facts: BTreeMap<Fact, Value>,
}

/// Who put their name to a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signatory {
    /// Their name.
    pub name: String,
    /// What they are.
    pub office: String,
}

fn written<S: Serializer>(moment: &Moment, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(moment)
}

fn written_or_none<S: Serializer>(moment: &Option<Moment>, serializer: S) -> Result<S::Ok, S::Error> {
    match moment {
        Some(moment) => serializer.collect_str(moment),
        None => serializer.serialize_none(),
    }
}

/// Why something cannot be said in a seal, or was not said by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ClaimsError {
    /// The bytes are not what a seal's claims are written in.
    #[error("the claims cannot be read: {0}")]
    Written(#[from] Fault),
    /// A claim that this version does not know, or that stands where it does not belong.
    #[error("a claim is not known: {0}")]
    Unknown(i64),
    /// Something that every seal says is missing.
    #[error("a claim is missing: {0}")]
    Missing(&'static str),
    /// A text is empty, too long, or has characters that do not belong there.
    #[error("a text does not fit: {0}")]
    Text(&'static str),
    /// A number is out of its range.
    #[error("a number does not fit: {0}")]
    Number(&'static str),
    /// A list has too many entries, or is there without one.
    #[error("a list has too many entries or none: {0}")]
    Count(&'static str),
    /// The kind of paper has this fact to tell, or must not tell it, or tells it as another type.
    #[error("the kind of paper and the fact {} do not go together", .0.code())]
    Fact(Fact),
    /// The time in force ends before it begins.
    #[error("the paper ends before it begins")]
    Order,
}

impl Claims {
    /// The claims, if every one of them fits.
    ///
    /// # Errors
    /// The first that does not.
    pub fn checked(self) -> Result<Self, ClaimsError> {
        let is_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if !is_plain(&self.issuer, 32) || !self.issuer.chars().all(is_code) {
            return Err(ClaimsError::Text("issuer"));
        }
        if !is_plain(&self.number, LONGEST) {
            return Err(ClaimsError::Text("number"));
        }
        if self.valid_until.is_some_and(|until| until <= self.valid_from.unwrap_or(self.issued_at)) {
            return Err(ClaimsError::Order);
        }
        if self.signatories.len() > MOST_SIGNATORIES {
            return Err(ClaimsError::Count("signatories"));
        }
        if !self.signatories.iter().all(|who| is_plain(&who.name, LONGEST) && is_plain(&who.office, LONGEST)) {
            return Err(ClaimsError::Text("signatories"));
        }
        if self.facts.is_empty() || self.facts.len() > MOST_FACTS {
            return Err(ClaimsError::Count("facts"));
        }
        for (fact, value) in &self.facts {
            let fits = match value {
                Value::Number(_) => fact.is_number(),
                Value::Text(text) if fact.is_country() => {
                    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
                }
                Value::Text(text) => !fact.is_number() && is_plain(text, LONGEST),
            };
            if !fits || !self.kind.may_tell(*fact) {
                return Err(ClaimsError::Fact(*fact));
            }
        }
        match self.kind.has_to_tell().iter().find(|fact| !self.facts.contains_key(fact)) {
            Some(missing) => Err(ClaimsError::Fact(*missing)),
            None => Ok(self),
        }
    }

    /// As a seal carries them: the same claims are always the same bytes.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.map(4 + usize::from(self.valid_from.is_some()) + usize::from(self.valid_until.is_some()));
        out.integer(ISSUER).text(&self.issuer);
        if let Some(until) = self.valid_until {
            out.integer(UNTIL).unsigned(until.unix());
        }
        if let Some(from) = self.valid_from {
            out.integer(FROM).unsigned(from.unix());
        }
        out.integer(ISSUED).unsigned(self.issued_at.unix());
        out.integer(CODE).bytes(&self.code.bytes());
        out.integer(PAPER).map(4 + usize::from(self.duplicate > 0) + usize::from(!self.signatories.is_empty()));
        out.integer(KIND).unsigned(self.kind.number());
        out.integer(NUMBER).text(&self.number);
        out.integer(CONTENT).bytes(&self.content_sha256);
        if self.duplicate > 0 {
            out.integer(DUPLICATE).unsigned(u64::from(self.duplicate));
        }
        if !self.signatories.is_empty() {
            out.integer(SIGNATORIES).array(self.signatories.len());
            for who in &self.signatories {
                out.array(2).text(&who.name).text(&who.office);
            }
        }
        out.integer(FACTS).map(self.facts.len());
        for (fact, value) in &self.facts {
            out.integer(fact.number());
            match value {
                Value::Text(text) => out.text(text),
                Value::Number(number) => out.unsigned(*number),
            };
        }
        out.finish()
    }

    /// What the claims of a seal say.
    ///
    /// # Errors
    /// [`ClaimsError`] when they are written in any other way than [`Claims::encode`] writes them, or do not fit.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, ClaimsError> {
        let mut reader = Reader::new(bytes);
        let (mut issuer, mut until, mut from, mut issued, mut code, mut paper) = (None, None, None, None, None, None);
        let (count, mut keys) = reader.map()?;
        for _ in 0..count {
            match keys.next(&mut reader)? {
                ISSUER => issuer = Some(reader.text()?.to_owned()),
                UNTIL => until = Some(moment(&mut reader)?),
                FROM => from = Some(moment(&mut reader)?),
                ISSUED => issued = Some(moment(&mut reader)?),
                CODE => code = Some(Code::of_bytes(exactly(reader.bytes()?, "code")?)),
                PAPER => paper = Some(Paper::read(&mut reader)?),
                other => return Err(ClaimsError::Unknown(other)),
            }
        }
        reader.end()?;
        let paper = paper.ok_or(ClaimsError::Missing("paper"))?;
        Self {
            issuer: issuer.ok_or(ClaimsError::Missing("issuer"))?,
            kind: paper.kind.ok_or(ClaimsError::Missing("kind"))?,
            number: paper.number.ok_or(ClaimsError::Missing("number"))?,
            code: code.ok_or(ClaimsError::Missing("code"))?,
            issued_at: issued.ok_or(ClaimsError::Missing("issued"))?,
            valid_from: from,
            valid_until: until,
            content_sha256: paper.content.ok_or(ClaimsError::Missing("content"))?,
            duplicate: paper.duplicate,
            signatories: paper.signatories,
            facts: paper.facts.ok_or(ClaimsError::Missing("facts"))?,
        }
        .checked()
    }
}

/// The private map, while it is read.
#[derive(Default)]
struct Paper {
    kind: Option<Kind>,
    number: Option<String>,
    content: Option<[u8; 32]>,
    duplicate: u32,
    signatories: Vec<Signatory>,
    facts: Option<BTreeMap<Fact, Value>>,
}

impl Paper {
    fn read<'a>(reader: &mut Reader<'a>) -> Result<Self, ClaimsError> {
        let mut paper = Self::default();
        let (count, mut keys) = reader.map()?;
        for _ in 0..count {
            match keys.next(reader)? {
                KIND => paper.kind = Some(Kind::numbered(reader.unsigned()?).ok_or(ClaimsError::Number("kind"))?),
                NUMBER => paper.number = Some(reader.text()?.to_owned()),
                CONTENT => paper.content = Some(exactly(reader.bytes()?, "content")?),
                DUPLICATE => {
                    let number = reader.unsigned()?;
                    // 0 is said by saying nothing.
                    let number = u32::try_from(number).ok().filter(|number| *number > 0);
                    paper.duplicate = number.ok_or(ClaimsError::Number("duplicate"))?;
                }
                SIGNATORIES => paper.signatories = signatories(reader)?,
                FACTS => paper.facts = Some(facts(reader)?),
                other => return Err(ClaimsError::Unknown(other)),
            }
        }
        Ok(paper)
    }
}

fn signatories(reader: &mut Reader<'_>) -> Result<Vec<Signatory>, ClaimsError> {
    let count = reader.array()?;
    if count == 0 || count > MOST_SIGNATORIES {
        return Err(ClaimsError::Count("signatories"));
    }
    let mut signatories = Vec::with_capacity(count);
    for _ in 0..count {
        if reader.array()? != 2 {
            return Err(ClaimsError::Count("signatories"));
        }
        signatories.push(Signatory { name: reader.text()?.to_owned(), office: reader.text()?.to_owned() });
    }
    Ok(signatories)
}

fn facts<'a>(reader: &mut Reader<'a>) -> Result<BTreeMap<Fact, Value>, ClaimsError> {
    let (count, mut keys) = reader.map()?;
    let mut facts = BTreeMap::new();
    for _ in 0..count {
        let number = keys.next(reader)?;
        let fact = Fact::numbered(number).ok_or(ClaimsError::Unknown(number))?;
        let value =
            if reader.is_text() { Value::Text(reader.text()?.to_owned()) } else { Value::Number(reader.unsigned()?) };
        facts.insert(fact, value);
    }
    Ok(facts)
}

fn moment(reader: &mut Reader<'_>) -> Result<Moment, ClaimsError> {
    Moment::try_from(reader.unsigned()?).map_err(|_| ClaimsError::Number("moment"))
}

fn exactly<const N: usize>(bytes: &[u8], what: &'static str) -> Result<[u8; N], ClaimsError> {
    bytes.try_into().map_err(|_| ClaimsError::Number(what))
}
