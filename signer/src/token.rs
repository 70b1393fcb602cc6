//! A master key that lies in a token (PKCS#11): it never leaves it, and what it seals and opens goes there and comes back.
//!
//! Which key is said by an address as RFC 7512 has it, in place of the key itself:
//! `pkcs11:token=jebena;object=master-1?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/run/secrets/pin`.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::envelope::{NONCE_BYTES, SealError, TAG_BYTES, Unsealable, random};

/// Why the token does not do it. What was sealed is another matter.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The PIN.
    #[error("the PIN of the token cannot be read: {0}")]
    Pin(#[from] std::io::Error),
    /// None with this name.
    #[error("there is no token named {0}")]
    NoToken(String),
    /// None with this name, or several.
    #[error("the token has not exactly one AES key named {0}")]
    NoKey(String),
    /// A key that can be taken out is in the token for nothing.
    #[error("the key named {0} can be taken out of the token: it has to be sensitive and not extractable")]
    Extractable(String),
    /// The module.
    #[error("the token: {0}")]
    Module(#[from] Error),
}

/// Where a key lies.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    module: PathBuf,
    token: String,
    object: String,
    /// The file with the PIN, which its owner alone may read.
    pin: PathBuf,
}

impl Place {
    fn parse(address: &str) -> Option<Self> {
        let (path, query) = address.trim().strip_prefix("pkcs11:")?.split_once('?')?;
        let path = parts(path, ';')?;
        let query = parts(query, '&')?;
        // What is not known could name another key.
        let is_known = path.keys().all(|name| ["token", "object"].contains(name))
            && query.keys().all(|name| ["module-path", "pin-source"].contains(name));
        let pin = query.get("pin-source")?;
        is_known.then_some(Self {
            module: query.get("module-path")?.into(),
            token: path.get("token")?.clone(),
            object: path.get("object")?.clone(),
            pin: pin.strip_prefix("file:").unwrap_or(pin).into(),
        })
    }
}

/// Names and values, each once.
fn parts(text: &str, between: char) -> Option<HashMap<&str, String>> {
    let mut found = HashMap::new();
    for part in text.split(between) {
        let (name, value) = part.split_once('=')?;
        let value = percent_encoding::percent_decode_str(value).decode_utf8().ok()?.into_owned();
        if value.is_empty() || found.insert(name, value).is_some() {
            return None;
        }
    }
    Some(found)
}

/// The modules that are set up, and how often one was begun anew: a session of before is none, although its number may name one again.
#[derive(Default)]
struct Modules {
    begun: HashMap<PathBuf, Pkcs11>,
    ended: u64,
}

/// A module is set up once in a process, whatever asks for it. Who uses a token holds this: a module must not be begun anew while
/// another is in it.
static MODULES: LazyLock<Mutex<Modules>> = LazyLock::new(Mutex::default);

fn modules() -> MutexGuard<'static, Modules> {
    MODULES.lock().unwrap_or_else(PoisonError::into_inner)
}

fn module(modules: &mut Modules, path: &Path) -> Result<Pkcs11, TokenError> {
    if let Some(module) = modules.begun.get(path) {
        return Ok(module.clone());
    }
    let module = Pkcs11::new(path)?;
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(error.into()),
    }
    modules.begun.insert(path.to_owned(), module.clone());
    Ok(module)
}

/// Ends a module, and all sessions in it: the next use begins it anew.
fn end(modules: &mut Modules, path: &Path) {
    let Some(module) = modules.begun.remove(path) else { return };
    modules.ended += 1;
    if let Err(error) = module.finalize() {
        tracing::warn!(%error, "the module of the token does not end");
    }
}

/// A session in which the PIN was given, and the key there.
struct Open {
    session: Session,
    key: ObjectHandle,
    /// After how many ends of modules it was opened.
    after: u64,
}

/// An AES key in a token.
pub(crate) struct TokenKey {
    place: Place,
    /// None after something failed: the next use opens another.
    open: Mutex<Option<Open>>,
    fingerprint: [u8; 32],
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenKey({}/{})", self.place.token, self.place.object)
    }
}

impl TokenKey {
    /// Whether this is an address of a key in a token.
    pub fn is_address(text: &str) -> bool {
        text.trim_start().starts_with("pkcs11:")
    }

    /// The key at this address, opened. None where it is no address.
    pub fn at(address: &str) -> Option<Result<Self, TokenError>> {
        let place = Place::parse(address)?;
        Some(open(&mut modules(), &place).map(|(open, fingerprint)| Self {
            place,
            open: Mutex::new(Some(open)),
            fingerprint,
        }))
    }

    /// By which its row is recognised.
    pub const fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }

    /// The secret sealed under this nonce, with its tag.
    pub fn seal(&self, nonce: [u8; NONCE_BYTES], secret: &[u8], bound: &[u8]) -> Result<Vec<u8>, TokenError> {
        self.with(|open| open.seal(nonce, secret, bound))
    }

    /// What was sealed so.
    pub fn open(&self, nonce: [u8; NONCE_BYTES], sealed: &[u8], bound: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let opened = self.with(|open| match open.open(nonce, sealed, bound) {
            Ok(secret) => Ok(Some(secret)),
            // Modules say in many ways that a tag is wrong. If the key opens what it sealed just now, it is this that is wrong.
            Err(_) if open.works()? => Ok(None),
            Err(error) => Err(error),
        })?;
        Ok(opened.ok_or(Unsealable)?)
    }

    /// Uses the session; where it is no longer good, as after the token was away, another one, and then one in the module begun anew: some
    /// know only the tokens that were there when they began.
    fn with<T>(&self, act: impl Fn(&Open) -> Result<T, Error>) -> Result<T, TokenError> {
        let mut place: MutexGuard<'_, Option<Open>> = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut modules = modules();
        match place.take() {
            // Another key began the module anew: neither using nor closing this may touch what has its number now.
            Some(stale) if stale.after != modules.ended => std::mem::forget(stale),
            Some(open) => {
                if let Ok(done) = act(&open) {
                    *place = Some(open);
                    return Ok(done);
                }
                // The old one is closed before another is opened: some tokens have few.
            }
            None => {}
        }
        let mut again = |modules: &mut Modules| {
            let (open, fingerprint) = open(modules, &self.place)?;
            if fingerprint != self.fingerprint {
                return Err(TokenError::NoKey(self.place.object.clone()));
            }
            let done = act(&open)?;
            *place = Some(open);
            Ok(done)
        };
        again(&mut modules).or_else(|_| {
            end(&mut modules, &self.place.module);
            again(&mut modules)
        })
    }
}

/// Opens a session with the key, which is recognised by what it makes of nothing: a key of the same name is another.
fn open(modules: &mut Modules, place: &Place) -> Result<(Open, [u8; 32]), TokenError> {
    let module = module(modules, &place.module)?;
    let pin = Zeroizing::new(std::fs::read_to_string(&place.pin)?);
    let mut found = None;
    for slot in module.get_slots_with_initialized_token()? {
        if module.get_token_info(slot)?.label() == place.token {
            found = Some(slot);
        }
    }
    let session = module.open_ro_session(found.ok_or_else(|| TokenError::NoToken(place.token.clone()))?)?;
    match session.login(UserType::User, Some(&AuthPin::from(pin.trim().to_owned()))) {
        // Another session of this process is logged in, and with it all.
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
        Err(error) => return Err(error.into()),
    }
    let wanted = [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::AES),
        Attribute::Label(place.object.clone().into_bytes()),
    ];
    let [key] = session.find_objects(&wanted)?[..] else { return Err(TokenError::NoKey(place.object.clone())) };
    let kept = session.get_attributes(key, &[AttributeType::Sensitive, AttributeType::Extractable])?;
    if !kept.contains(&Attribute::Sensitive(true)) || !kept.contains(&Attribute::Extractable(false)) {
        return Err(TokenError::Extractable(place.object.clone()));
    }
    let open = Open { session, key, after: modules.ended };
    let told = open.seal([0; NONCE_BYTES], &[], b"jebena master key in a token 1")?;
    let fingerprint =
        Sha256::new().chain_update(b"jebena master key in a token 1").chain_update(told).finalize().into();
    Ok((open, fingerprint))
}

impl Open {
    fn seal(&self, mut nonce: [u8; NONCE_BYTES], secret: &[u8], bound: &[u8]) -> Result<Vec<u8>, Error> {
        let parameters = GcmParams::new(&mut nonce, bound, (TAG_BYTES as u64 * 8).into())?;
        self.session.encrypt(&Mechanism::AesGcm(parameters), self.key, secret)
    }

    fn open(&self, mut nonce: [u8; NONCE_BYTES], sealed: &[u8], bound: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let parameters = GcmParams::new(&mut nonce, bound, (TAG_BYTES as u64 * 8).into())?;
        self.session.decrypt(&Mechanism::AesGcm(parameters), self.key, sealed).map(Zeroizing::new)
    }

    /// Whether it opens what it seals.
    fn works(&self) -> Result<bool, Error> {
        let (nonce, bound) = (*random::<NONCE_BYTES>(), b"jebena probe".as_slice());
        let sealed = self.seal(nonce, bound, bound)?;
        Ok(self.open(nonce, &sealed, bound).is_ok_and(|opened| *opened == bound))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_one_key_or_none() {
        let good = "pkcs11:token=jebena%20live;object=master-1?module-path=/usr/lib/p11.so&pin-source=file:/run/pin\n";
        let place = Place::parse(good).unwrap();
        assert_eq!((place.token.as_str(), place.object.as_str()), ("jebena live", "master-1"));
        assert_eq!(
            (place.module.as_path(), place.pin.as_path()),
            (Path::new("/usr/lib/p11.so"), Path::new("/run/pin"))
        );
        for (part, instead) in [
            ("pkcs11:", "pkcs12:"),
            ("token=jebena%20live;", ""),
            ("object=master-1", "object="),
            ("object=master-1", "object=one;object=two"),
            ("object=master-1", "object=master-1;id=%01"),
            ("&pin-source=file:/run/pin", ""),
            ("module-path=/usr/lib/p11.so", "module-name=p11"),
            ("pin-source", "pin-value"),
            ("%20", "%ff"),
        ] {
            assert_eq!(Place::parse(&good.replace(part, instead)), None, "{instead}");
        }
    }
}
