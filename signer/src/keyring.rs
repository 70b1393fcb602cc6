//! The keys, opened for the moment of one signature.
//!
//! A use is written down before it happens, in a transaction of its own: what cannot be written down is not signed. A key that does not
//! open, because it was changed or moved, is written down as well, as critical, and signs nothing.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use zeroize::Zeroizing;

use crate::envelope::{DataKey, DataKeyRow, MasterKey, PrivateKeyRow, SealError, SealedKey, Unsealable};
use crate::keypair::{Curve, KeyPair, NotAKey, fingerprint};
use crate::policy::{AccessPolicy, Operation, Refusal, Use};
use crate::store::keys::{self, KeyInUse, NewPrivateKey};
use crate::store::record::{self, Event};
use crate::token::TokenError;
use crate::x509::profile::Profile;

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The policy of the key refuses it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such key, or none with a certificate that is in force.
    #[error("there is no key with a certificate in force for this")]
    Missing,
    /// The key does not open.
    #[error(transparent)]
    Unsealable(#[from] Unsealable),
    /// The token in which the master key lies.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// What opened is no key, or not the one of its certificate.
    #[error(transparent)]
    NotAKey(#[from] NotAKey),
    /// The master key is another than the one under which the keys were sealed.
    #[error("the master key is not the one under which the keys are sealed")]
    OtherMaster,
    /// The row of the key cannot be understood.
    #[error("the row of key {0} cannot be understood")]
    Malformed(Uuid),
    /// The database is away, or refused to write the use down.
    #[error("the secure database: {0}")]
    Database(#[from] sqlx::Error),
}

impl From<SealError> for KeyError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Unsealable(error) => error.into(),
            SealError::Token(error) => error.into(),
        }
    }
}

/// Whose key of which kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The kind.
    pub profile: Profile,
    /// The organisation; none for the consortium's own.
    pub organization: Option<Uuid>,
}

/// One use of a key: what for, and about what.
#[derive(Debug, Clone, Copy)]
pub struct Purpose {
    /// What the policy looks at.
    pub asked: Use,
    /// The paper or certificate that it is about.
    pub about: Option<Uuid>,
}

impl Purpose {
    /// A use for the product itself.
    #[must_use]
    pub const fn of_product(operation: Operation, about: Option<Uuid>) -> Self {
        Self { asked: Use { operation, user: None, has_second_factor: false }, about }
    }
}

/// A signature with the certificate that belongs to it.
#[derive(Debug, Clone)]
pub struct Signed {
    /// DER.
    pub signature: Vec<u8>,
    /// The certificate, DER; none while a key has none yet.
    pub certificate: Option<Vec<u8>>,
    /// The certificate's id.
    pub certificate_id: Option<Uuid>,
}

/// A key that was just made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Its id.
    pub private_key_id: Uuid,
    /// Its public key.
    pub public: SubjectPublicKeyInfoOwned,
}

/// What a new key has signed.
pub(crate) struct SignedMessage {
    pub message: Vec<u8>,
    pub signature: Vec<u8>,
}

/// A line of the secure audit log, by which everything before it is known; written as `number:hash`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordHead {
    /// Its number.
    pub seq: i64,
    /// Its hash, over its content and the hash of the line before.
    pub hash: [u8; 32],
}

impl std::fmt::Display for RecordHead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.seq, hex::encode(self.hash))
    }
}

/// A text that names no line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a line of the record is named by its number, a colon and 64 hexadecimal digits")]
pub struct NotALine;

impl std::str::FromStr for RecordHead {
    type Err = NotALine;

    fn from_str(text: &str) -> Result<Self, NotALine> {
        let (seq, hash) = text.trim().split_once(':').ok_or(NotALine)?;
        let hash = hex::decode(hash).ok().and_then(|hash| hash.try_into().ok()).ok_or(NotALine)?;
        Ok(Self { seq: seq.parse().map_err(|_| NotALine)?, hash })
    }
}

/// The keys of the secure database under one master key.
#[derive(Debug)]
pub struct Keyring {
    pool: PgPool,
    master: MasterKey,
}

impl Keyring {
    /// The keys of this database.
    #[must_use]
    pub const fn new(pool: PgPool, master: MasterKey) -> Self {
        Self { pool, master }
    }

    /// The database.
    pub(crate) const fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// The master key, with the former one while that is needed.
    pub(crate) const fn master(&self) -> &MasterKey {
        &self.master
    }

    /// Makes a private key and keeps it under its holder's data key, which is made when it is the first.
    ///
    /// # Errors
    /// When the database is away, or the master key is another than before.
    pub async fn new_key(&self, holder: Holder, policy: &AccessPolicy, now: DateTime<Utc>) -> Result<NewKey, KeyError> {
        let (key, _) = self.new_key_that_signs(holder, policy, |_| Some(Vec::new()), now).await?;
        Ok(key)
    }

    /// As [`Keyring::new_key`]; the key signs `message` of its public half, before it is put away: by that a request proves that whoever
    /// asks has it. It is the one use that no policy is asked about, and it is on record as the key's making.
    pub(crate) async fn new_key_that_signs(
        &self,
        holder: Holder,
        policy: &AccessPolicy,
        message: impl FnOnce(&SubjectPublicKeyInfoOwned) -> Option<Vec<u8>> + Send,
        now: DateTime<Utc>,
    ) -> Result<(NewKey, SignedMessage), KeyError> {
        let mut tx = self.pool.begin().await?;
        let data_key = self.data_key_of(&mut tx, holder.organization, now).await?;
        let curve = holder.profile.curve();
        let pair = KeyPair::new(curve);
        let public = pair.public()?;
        let row = PrivateKeyRow { private_key_id: Uuid::now_v7(), public_key_sha256: fingerprint(&public)? };
        let sealed = data_key.seal(&pair.to_pkcs8()?, row)?;
        let message = message(&public).ok_or(NotAKey)?;
        let signature = if message.is_empty() { Vec::new() } else { pair.sign(&message) };
        drop(pair);
        let data = json!({ "profile": holder.profile.code(), "organization_id": holder.organization,
                           "signed_request": !message.is_empty() });
        write_down(&mut tx, "KEY_MADE", ("info", "make_key"), (row.private_key_id, None), data, None, now).await?;
        let new = NewPrivateKey {
            row,
            organization_id: holder.organization,
            profile: holder.profile.code(),
            curve: curve.code(),
            policy: json!(policy),
            sealed: &sealed,
        };
        keys::insert_private_key(&mut tx, new, now).await?;
        // What was signed comes out when it is on record, and not before.
        tx.commit().await?;
        Ok((NewKey { private_key_id: row.private_key_id, public }, SignedMessage { message, signature }))
    }

    /// What the record has since a moment that somebody should look at, the first first.
    pub(crate) async fn alarms(&self, since: DateTime<Utc>, most: i64) -> Result<Vec<record::Alarm>, KeyError> {
        let mut connection = self.pool.acquire().await?;
        Ok(record::list_alarms(&mut connection, since, most).await?)
    }

    /// Signs with the key that a holder signs with now.
    ///
    /// # Errors
    /// When there is none, its policy refuses, the use cannot be written down, or the key does not open.
    pub async fn sign(
        &self,
        holder: Holder,
        purpose: Purpose,
        message: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Signed, KeyError> {
        let mut tx = self.pool.begin().await?;
        let key = keys::find_key_of(&mut tx, holder.profile.code(), holder.organization, now).await?;
        let key = key.ok_or(KeyError::Missing)?;
        self.use_key(tx, key, purpose, message, now).await
    }

    /// Signs with a key by its id: one that has no certificate yet, or an authority's.
    ///
    /// # Errors
    /// As [`Keyring::sign`].
    pub async fn sign_with(
        &self,
        private_key: Uuid,
        purpose: Purpose,
        message: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Signed, KeyError> {
        let mut tx = self.pool.begin().await?;
        let key = keys::find_key(&mut tx, private_key).await?.ok_or(KeyError::Missing)?;
        self.use_key(tx, key, purpose, message, now).await
    }

    /// The number of the first line of the secure audit log that does not follow from the one before it; none where all do.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn find_record_fault(&self) -> Result<Option<i64>, KeyError> {
        let mut connection = self.pool.acquire().await?;
        Ok(record::find_first_fault(&mut connection).await?)
    }

    /// The last line of the secure audit log; none while it is empty. Whoever keeps it elsewhere sees by [`Keyring::holds`] whether the log
    /// was cut off or written anew since.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn record_head(&self) -> Result<Option<RecordHead>, KeyError> {
        let mut connection = self.pool.acquire().await?;
        let head = record::find_head(&mut connection).await?;
        Ok(head.and_then(|(seq, hash)| Some(RecordHead { seq, hash: hash.try_into().ok()? })))
    }

    /// Whether the log still has this line.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn holds(&self, head: RecordHead) -> Result<bool, KeyError> {
        let mut connection = self.pool.acquire().await?;
        Ok(record::has_line(&mut connection, head.seq, &head.hash).await?)
    }

    async fn use_key(
        &self,
        mut tx: sqlx::Transaction<'_, sqlx::Postgres>,
        key: KeyInUse,
        purpose: Purpose,
        message: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Signed, KeyError> {
        let policy: AccessPolicy =
            serde_json::from_value(key.access_policy.clone()).map_err(|_| KeyError::Malformed(key.private_key_id))?;
        let allowed = match policy.allows(purpose.asked) {
            Ok(()) => {
                let today = keys::count_use(&mut tx, key.private_key_id, now.date_naive(), now).await?;
                policy.allows_number(u32::try_from(today).unwrap_or(u32::MAX))
            }
            refused => refused,
        };
        if let Err(refusal) = allowed {
            // The count goes with the transaction: a use that did not happen is none.
            tx.rollback().await?;
            self.write_down_use("KEY_REFUSED", "warning", &key, purpose, Some(refusal.to_string()), now).await?;
            return Err(refusal.into());
        }
        // On record before it is done. After the commit nothing can take the line back.
        let data = of_use(&key, purpose);
        let subject = (key.private_key_id, purpose.asked.user);
        write_down(&mut tx, "KEY_USED", ("info", purpose.asked.operation.code()), subject, data, None, now).await?;
        let pair = self.open_recorded(tx, &key, purpose, now).await?;
        Ok(Signed {
            signature: pair.sign(message),
            certificate: key.der_encoded_cert,
            certificate_id: key.certificate_id,
        })
    }

    /// The private key (PKCS#8) for who has had it approved. That it leaves is written down first, and committed with what `tx` has done.
    ///
    /// # Errors
    /// When that cannot be written down, or the key does not open.
    pub(crate) async fn take_out(
        &self,
        mut tx: sqlx::Transaction<'_, sqlx::Postgres>,
        key: &KeyInUse,
        (act, person): (Uuid, Uuid),
        now: DateTime<Utc>,
    ) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let asked = Use { operation: Operation::LeaveHere, user: Some(person), has_second_factor: true };
        let purpose = Purpose { asked, about: Some(act) };
        let subject = (key.private_key_id, purpose.asked.user);
        let action = ("warning", purpose.asked.operation.code());
        write_down(&mut tx, "KEY_HANDED_OUT", action, subject, of_use(key, purpose), None, now).await?;
        Ok(self.open_recorded(tx, key, purpose, now).await?.to_pkcs8()?)
    }

    /// The pair of a key of which `tx` has written down what it is used for; that is committed before it is opened.
    async fn open_recorded(
        &self,
        mut tx: sqlx::Transaction<'_, sqlx::Postgres>,
        key: &KeyInUse,
        purpose: Purpose,
        now: DateTime<Utc>,
    ) -> Result<KeyPair, KeyError> {
        let data_key = keys::find_data_key(&mut tx, key.encryption_key_id.unwrap_or_default()).await?;
        tx.commit().await?;
        let opened = data_key
            .ok_or(KeyError::Unsealable(Unsealable))
            .and_then(|row| {
                Ok(self.master.open_data_key(&row.encrypted_key_material.clone().unwrap_or_default(), row.row())?)
            })
            .and_then(|data_key| open(&data_key, key));
        match opened {
            Ok(pair) => Ok(pair),
            // Nothing is wrong with the key: it was not used, and can be when the token is there again.
            Err(KeyError::Token(error)) => {
                tracing::error!(key = %key.private_key_id, %error, "the token is away");
                self.write_down_use("TOKEN_AWAY", "error", key, purpose, Some(error.to_string()), now).await?;
                Err(error.into())
            }
            Err(error) => {
                tracing::error!(key = %key.private_key_id, %error, "a key does not open");
                self.write_down_use("KEY_DOES_NOT_OPEN", "critical", key, purpose, Some(error.to_string()), now)
                    .await?;
                Err(error)
            }
        }
    }

    async fn write_down_use(
        &self,
        event_type: &str,
        severity: &str,
        key: &KeyInUse,
        purpose: Purpose,
        error: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<(), KeyError> {
        let mut connection = self.pool.acquire().await?;
        let action = (severity, purpose.asked.operation.code());
        let subject = (key.private_key_id, purpose.asked.user);
        Ok(write_down(&mut connection, event_type, action, subject, of_use(key, purpose), error, now).await?)
    }

    /// Makes the data key of an organisation before there is a private key for it, where it has none.
    ///
    /// # Errors
    /// When the database is away, or the master key does not seal it.
    pub async fn prepare(&self, organization: Option<Uuid>, now: DateTime<Utc>) -> Result<(), KeyError> {
        let mut tx = self.pool.begin().await?;
        self.data_key_of(&mut tx, organization, now).await?;
        Ok(tx.commit().await?)
    }

    /// The data key of an organisation; made with its first private key.
    async fn data_key_of(
        &self,
        connection: &mut PgConnection,
        organization: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<DataKey, KeyError> {
        let (master_id, master) = self.master_row(connection, now).await?;
        keys::lock_data_keys(connection, organization).await?;
        if let Some(row) = keys::find_active_data_key(connection, organization).await? {
            let sealed = row.encrypted_key_material.clone().ok_or(KeyError::Malformed(row.key_id))?;
            return Ok(self.master.open_data_key(&sealed, row.row())?);
        }
        let row = DataKeyRow { key_id: Uuid::now_v7(), organization_id: organization, version: 1 };
        let (data_key, sealed) = master.new_data_key(row)?;
        keys::insert_data_key(connection, row, (&sealed, master_id), now).await?;
        Ok(data_key)
    }

    /// The row of the master key that is in force, and the key: while a rotation is prepared that is the former one. The first is written
    /// down at its first use.
    pub(crate) async fn master_row(
        &self,
        connection: &mut PgConnection,
        now: DateTime<Utc>,
    ) -> Result<(Uuid, &MasterKey), KeyError> {
        // Nobody's organisation, and another lock than that of the consortium's data key.
        keys::lock_data_keys(connection, Some(Uuid::nil())).await?;
        match keys::find_master(connection).await? {
            Some((id, fingerprint)) => {
                let of_row = |key: &&MasterKey| fingerprint == key.fingerprint();
                let found = [Some(&self.master), self.master.former()].into_iter().flatten().find(of_row);
                found.map(|key| (id, key)).ok_or(KeyError::OtherMaster)
            }
            None => {
                let id = Uuid::now_v7();
                keys::insert_master(connection, (id, self.master.fingerprint()), 1, now).await?;
                Ok((id, &self.master))
            }
        }
    }
}

pub(crate) fn open(data_key: &DataKey, key: &KeyInUse) -> Result<KeyPair, KeyError> {
    let malformed = || KeyError::Malformed(key.private_key_id);
    let curve = Curve::from_code(&key.curve_name).ok_or_else(malformed)?;
    let row = PrivateKeyRow {
        private_key_id: key.private_key_id,
        public_key_sha256: key.public_key_sha256.clone().try_into().map_err(|_| malformed())?,
    };
    let sealed = SealedKey {
        encryption_key_id: key.encryption_key_id.ok_or_else(malformed)?,
        iv: key.encryption_iv.clone().unwrap_or_default().try_into().map_err(|_| malformed())?,
        material: key.encrypted_key_material.clone().unwrap_or_default(),
        tag: key.encryption_auth_tag.clone().unwrap_or_default().try_into().map_err(|_| malformed())?,
    };
    let pair = KeyPair::from_pkcs8(curve, &data_key.open(&sealed, row)?)?;
    // The public key is bound to the seal, and the private one has to be its other half.
    if fingerprint(&pair.public()?)? == row.public_key_sha256 { Ok(pair) } else { Err(NotAKey.into()) }
}

fn of_use(key: &KeyInUse, purpose: Purpose) -> serde_json::Value {
    json!({
        "about": purpose.about,
        "certificate_id": key.certificate_id,
        "organization_id": key.organization_id,
        "second_factor": purpose.asked.has_second_factor,
    })
}

async fn write_down(
    connection: &mut PgConnection,
    event_type: &str,
    (severity, action): (&str, &str),
    (key, user_id): (Uuid, Option<Uuid>),
    data: serde_json::Value,
    error: Option<String>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let event = Event {
        event_type,
        category: "key_access",
        severity,
        resource_type: "private_key",
        resource_id: Some(key),
        action,
        user_id,
        data,
        error,
    };
    record::insert(connection, event, now).await
}
