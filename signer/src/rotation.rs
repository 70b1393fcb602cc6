//! Other keys for those that seal keys, while signing goes on.
//!
//! Each batch is one transaction: its keys are opened, sealed anew, opened again, written, and counted. A process that is killed at
//! any point has done whole batches, and whoever calls next goes on behind them. A key that does not open stays as it is, is on record as
//! critical, and keeps the old key from being retired.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::envelope::{DataKey, DataKeyRow, MasterKey, PrivateKeyRow, SealError, SealedKey, Unsealable};
use crate::keypair::{NotAKey, fingerprint};
use crate::keyring::{KeyError, Keyring, open};
use crate::store::keys::{self, KeyInUse};
use crate::store::record::{self, Event};
use crate::store::rotation::{self as store, NewRotation, StoredRotation};

/// Keys of a batch: a few hundredths of a second, during which nobody else rotates them.
pub const BATCH: u16 = 100;

/// Why a rotation does not begin or end.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The file holds one master key.
    #[error("the master key's file holds one key: put the new one in its first line and the old one in its second")]
    OneKey,
    /// Everything is under the new key.
    #[error("everything is sealed under the first key of the master key's file: to replace it, put a new one above it")]
    Done,
    /// There is nothing of this organisation.
    #[error("no key of this organisation is kept here")]
    Missing,
    /// Another kind of rotation of the same keys is under way.
    #[error("another rotation of these keys was begun ({0}): finish that one first")]
    OtherRunning(String),
    /// An authority's keys.
    #[error("the consortium's own keys are not replaced in an emergency: that is a matter of a ceremony")]
    Consortium,
    /// Some do not open.
    #[error("{0} of the keys do not open and stay under the old key: see the record; begin again when they are mended")]
    Left(usize),
    /// The keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// What stands in the certificates' stead.
    #[error(transparent)]
    Authority(#[from] crate::authority::AuthorityError),
}

impl From<sqlx::Error> for RotationError {
    fn from(error: sqlx::Error) -> Self {
        Self::Key(error.into())
    }
}

impl From<SealError> for RotationError {
    fn from(error: SealError) -> Self {
        Self::Key(error.into())
    }
}

/// What is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The master key: data keys are sealed anew.
    Master,
    /// The data key of an organisation, or of the consortium: private keys are sealed anew.
    Data(Option<Uuid>),
}

impl What {
    const fn key_type(self) -> &'static str {
        match self {
            Self::Master => "master",
            Self::Data(_) => "data",
        }
    }

    pub(crate) const fn organization(self) -> Option<Uuid> {
        match self {
            Self::Master => None,
            Self::Data(organization) => organization,
        }
    }
}

/// Why it is done: the seed's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Its time has come.
    Scheduled,
    /// Somebody wanted it.
    Manual,
    /// Keys may be in other hands: certificates are replaced too.
    Compromise,
}

impl Kind {
    /// Its word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Manual => "manual",
            Self::Compromise => "compromise",
        }
    }
}

/// A reason, in words, and of whom.
#[derive(Debug, Clone)]
pub struct Why<'a> {
    /// Which kind.
    pub kind: Kind,
    /// In words.
    pub reason: &'a str,
    /// Who began it, where it was a person of the product.
    pub by: Option<Uuid>,
}

/// A rotation under way.
#[derive(Debug)]
pub struct Rotation {
    pub(crate) id: Uuid,
    pub(crate) what: What,
    pub(crate) old: Uuid,
    pub(crate) new: Uuid,
    /// What did not open in this run.
    failed: Vec<Uuid>,
}

/// How far a rotation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Keys at its beginning.
    pub total: i32,
    /// Keys under the new one.
    pub done: i32,
    /// Keys that did not open.
    pub failed: i32,
    /// Whether the old key is retired.
    pub is_finished: bool,
}

impl Keyring {
    /// Begins a rotation, or goes on with one that was broken off.
    ///
    /// # Errors
    /// When there is nothing to do, the master keys are not at hand, or the database is away.
    pub async fn begin_rotation(
        &self,
        what: What,
        why: &Why<'_>,
        now: DateTime<Utc>,
    ) -> Result<Rotation, RotationError> {
        let mut tx = self.pool().begin().await?;
        // Who makes a key meanwhile waits, and makes it under the new one.
        self.lock(&mut tx, what).await?;
        if let Some(running) = store::find_running(&mut tx, what.key_type(), what.organization()).await? {
            let is_compromise = running.rotation_type == Kind::Compromise.code();
            if is_compromise != (why.kind == Kind::Compromise) {
                return Err(RotationError::OtherRunning(running.rotation_reason));
            }
            let rotation = Rotation {
                id: running.rotation_id,
                what,
                old: running.old_key_id,
                new: running.new_key_id,
                failed: Vec::new(),
            };
            if what == What::Master {
                self.both_masters(&mut tx, &rotation).await?;
            }
            return Ok(rotation);
        }
        let (old, new) = match what {
            What::Master => self.next_master(&mut tx, now).await?,
            What::Data(organization) => self.next_data_key(&mut tx, organization, why.kind, now).await?,
        };
        let total = match what {
            What::Master => store::count_data_keys(&mut tx, old).await?,
            What::Data(_) => store::count_private_keys(&mut tx, old).await?,
        };
        let id = Uuid::now_v7();
        let begun = NewRotation {
            rotation_id: id,
            old,
            new,
            rotation_type: why.kind.code(),
            reason: why.reason,
            total,
            by: why.by,
        };
        store::insert_rotation(&mut tx, begun, now).await?;
        let rotation = Rotation { id, what, old, new, failed: Vec::new() };
        let data = json!({ "of": what.key_type(), "organization_id": what.organization(), "items": total, "new_key_id": new,
                           "kind": why.kind.code(), "reason": why.reason });
        write_down(&mut tx, ("KEY_ROTATION_BEGUN", "warning"), (old, why.by), data, None, now).await?;
        tx.commit().await?;
        Ok(rotation)
    }

    async fn lock(&self, connection: &mut PgConnection, what: What) -> Result<(), RotationError> {
        // In the order of whoever makes a key: first the master key's lock.
        keys::lock_data_keys(connection, Some(Uuid::nil())).await?;
        if let What::Data(organization) = what {
            keys::lock_data_keys(connection, organization).await?;
        }
        Ok(())
    }

    /// The old master key and the new one, which is put in force.
    async fn next_master(
        &self,
        connection: &mut PgConnection,
        now: DateTime<Utc>,
    ) -> Result<(Uuid, Uuid), RotationError> {
        let (active, in_force) = keys::find_master(connection).await?.ok_or(RotationError::Missing)?;
        let former = self.master().former();
        if in_force == self.master().fingerprint() {
            // A rotation that failed has left some under the old one.
            let left = store::find_left_behind(connection, "master", None).await?.ok_or(RotationError::Done)?;
            former.ok_or(RotationError::OneKey)?;
            return Ok((left, active));
        }
        let former = former.ok_or(RotationError::OneKey)?;
        if in_force != former.fingerprint() {
            return Err(KeyError::OtherMaster.into());
        }
        let version = store::next_version(connection, "master", None).await?;
        store::set_key_status(connection, active, "rotating", now).await?;
        let new = Uuid::now_v7();
        keys::insert_master(connection, (new, self.master().fingerprint()), version, now).await?;
        Ok((active, new))
    }

    /// That the master keys of a rotation that goes on are the two at hand.
    async fn both_masters(&self, connection: &mut PgConnection, rotation: &Rotation) -> Result<(), RotationError> {
        let former = self.master().former().ok_or(RotationError::OneKey)?;
        let old = store::find_fingerprint(connection, rotation.old).await?;
        let new = store::find_fingerprint(connection, rotation.new).await?;
        let are_they =
            old.as_deref() == Some(former.fingerprint()) && new.as_deref() == Some(self.master().fingerprint());
        if are_they { Ok(()) } else { Err(KeyError::OtherMaster.into()) }
    }

    async fn next_data_key(
        &self,
        connection: &mut PgConnection,
        organization: Option<Uuid>,
        kind: Kind,
        now: DateTime<Utc>,
    ) -> Result<(Uuid, Uuid), RotationError> {
        let old = keys::find_active_data_key(connection, organization).await?.ok_or(RotationError::Missing)?;
        if kind != Kind::Compromise
            && let Some(left) = store::find_left_behind(connection, "data", organization).await?
        {
            return Ok((left, old.key_id));
        }
        let version = store::next_version(connection, "data", organization).await?;
        store::set_key_status(connection, old.key_id, "rotating", now).await?;
        let row = DataKeyRow { key_id: Uuid::now_v7(), organization_id: organization, version };
        let (master_id, master) = self.master_row(connection, now).await?;
        let (_, sealed) = master.new_data_key(row)?;
        keys::insert_data_key(connection, row, (&sealed, master_id), now).await?;
        Ok((old.key_id, row.key_id))
    }

    /// One batch of at most `most` keys; at the end the old key is retired.
    ///
    /// # Errors
    /// When the database is away, or keys are left that do not open.
    pub async fn rotate_batch(
        &self,
        rotation: &mut Rotation,
        most: u16,
        now: DateTime<Utc>,
    ) -> Result<Progress, RotationError> {
        let mut tx = self.pool().begin().await?;
        let (done, failed) = match rotation.what {
            What::Master => self.reseal_data_keys(&mut tx, rotation, most, now).await?,
            What::Data(_) => self.reseal_private_keys(&mut tx, rotation, most, now).await?,
        };
        if done == 0 && failed.is_empty() {
            tx.rollback().await?;
            return self.finish_rotation(rotation, ("retired", "completed"), now).await;
        }
        for id in &failed {
            let error = Some(Unsealable.to_string());
            write_down(
                &mut tx,
                ("KEY_DOES_NOT_OPEN", "critical"),
                (*id, None),
                json!({ "rotation_id": rotation.id }),
                error,
                now,
            )
            .await?;
        }
        let counts = (i32::try_from(done).unwrap_or(i32::MAX), i32::try_from(failed.len()).unwrap_or(i32::MAX));
        store::count_done(&mut tx, rotation.id, counts).await?;
        let data = json!({ "rotation_id": rotation.id, "done": done, "failed": failed.len() });
        write_down(&mut tx, ("KEYS_SEALED_ANEW", "info"), (rotation.new, None), data, None, now).await?;
        let progress = progress(&mut tx, rotation.id).await?;
        tx.commit().await?;
        rotation.failed.extend(failed);
        Ok(progress)
    }

    async fn reseal_data_keys(
        &self,
        connection: &mut PgConnection,
        rotation: &Rotation,
        most: u16,
        now: DateTime<Utc>,
    ) -> Result<(usize, Vec<Uuid>), RotationError> {
        let new = self.master();
        let former = new.former().ok_or(RotationError::OneKey)?;
        let (mut done, mut failed) = (0, Vec::new());
        for key in store::list_data_keys(connection, rotation.old, (&rotation.failed, most.into())).await? {
            match resealed_data_key(new, former, &key) {
                Ok(sealed) => {
                    store::reseal_data_key(connection, key.key_id, (&sealed, rotation.new), now).await?;
                    done += 1;
                }
                Err(SealError::Unsealable(_)) => failed.push(key.key_id),
                Err(SealError::Token(error)) => return Err(KeyError::from(error).into()),
            }
        }
        Ok((done, failed))
    }

    async fn reseal_private_keys(
        &self,
        connection: &mut PgConnection,
        rotation: &Rotation,
        most: u16,
        now: DateTime<Utc>,
    ) -> Result<(usize, Vec<Uuid>), RotationError> {
        let old = self.open_data_key(connection, rotation.old).await?;
        let new = self.open_data_key(connection, rotation.new).await?;
        let (mut done, mut failed) = (Vec::new(), Vec::new());
        for key in store::list_private_keys(connection, rotation.old, (&rotation.failed, most.into())).await? {
            match resealed_private_key(&old, &new, &key) {
                Ok(sealed) => done.push((key.private_key_id, sealed)),
                Err(_) => failed.push(key.private_key_id),
            }
        }
        store::reseal_private_keys(connection, &done, now).await?;
        Ok((done.len(), failed))
    }

    async fn open_data_key(&self, connection: &mut PgConnection, id: Uuid) -> Result<DataKey, RotationError> {
        let row = keys::find_data_key(connection, id).await?.ok_or(RotationError::Missing)?;
        Ok(self.master().open_data_key(&row.encrypted_key_material.clone().unwrap_or_default(), row.row())?)
    }

    /// Ends a rotation when nothing is left under the old key; else it failed, or others are at it.
    pub(crate) async fn finish_rotation(
        &self,
        rotation: &Rotation,
        (key_status, status): (&str, &str),
        now: DateTime<Utc>,
    ) -> Result<Progress, RotationError> {
        let mut tx = self.pool().begin().await?;
        // Nobody makes a key under the old one any more; who began to before has ended.
        self.lock(&mut tx, rotation.what).await?;
        let left = match rotation.what {
            What::Master => store::count_data_keys(&mut tx, rotation.old).await?,
            What::Data(_) => store::count_private_keys(&mut tx, rotation.old).await?,
        };
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        if left == 0 {
            // Of two who finish, one does.
            if store::end_rotation(&mut tx, rotation.id, (status, None), now).await? {
                store::set_key_status(&mut tx, rotation.old, key_status, now).await?;
                let data = json!({ "rotation_id": rotation.id, "new_key_id": rotation.new });
                write_down(&mut tx, ("KEY_ROTATION_COMPLETED", "info"), (rotation.old, None), data, None, now).await?;
            }
        } else if left <= rotation.failed.len() {
            let error = RotationError::Left(left).to_string();
            store::end_rotation(&mut tx, rotation.id, ("failed", Some(&error)), now).await?;
            let data = json!({ "rotation_id": rotation.id, "left": left });
            write_down(&mut tx, ("KEY_ROTATION_FAILED", "critical"), (rotation.old, None), data, Some(error), now)
                .await?;
            tx.commit().await?;
            return Err(RotationError::Left(left));
        }
        let progress = progress(&mut tx, rotation.id).await?;
        tx.commit().await?;
        Ok(progress)
    }

    /// Batch after batch until it is done; `told` hears how far it is after each.
    ///
    /// # Errors
    /// As [`Keyring::rotate_batch`]. What was done stays done.
    pub async fn rotate(
        &self,
        what: What,
        why: &Why<'_>,
        now: impl Fn() -> DateTime<Utc>,
        mut told: impl FnMut(Progress),
    ) -> Result<Progress, RotationError> {
        let mut rotation = self.begin_rotation(what, why, now()).await?;
        loop {
            let progress = self.rotate_batch(&mut rotation, BATCH, now()).await?;
            told(progress);
            if progress.is_finished {
                return Ok(progress);
            }
        }
    }

    /// The keys that seal keys, and how those below them are used.
    pub(crate) async fn sealing_keys(&self, now: DateTime<Utc>) -> Result<Vec<keys::SealingKey>, KeyError> {
        let mut connection = self.pool().acquire().await?;
        Ok(keys::list_sealing_keys(&mut connection, now.date_naive()).await?)
    }

    /// The newest rotations.
    pub(crate) async fn rotations(&self, most: i64) -> Result<Vec<StoredRotation>, KeyError> {
        let mut connection = self.pool().acquire().await?;
        Ok(store::list_rotations(&mut connection, most).await?)
    }
}

/// Opened, sealed anew, and opened again.
fn resealed_data_key(new: &MasterKey, former: &MasterKey, key: &keys::EncryptionKey) -> Result<Vec<u8>, SealError> {
    let sealed = key.encrypted_key_material.as_deref().ok_or(Unsealable)?;
    let anew = new.take_over(former, sealed, key.row())?;
    new.open_data_key(&anew, key.row())?;
    Ok(anew)
}

/// Opened, held against its public half, sealed anew, and opened again.
fn resealed_private_key(old: &DataKey, new: &DataKey, key: &KeyInUse) -> Result<SealedKey, KeyError> {
    let pair = open(old, key)?;
    let row = PrivateKeyRow { private_key_id: key.private_key_id, public_key_sha256: fingerprint(&pair.public()?)? };
    let plain = pair.to_pkcs8()?;
    let sealed = new.seal(&plain, row)?;
    if *new.open(&sealed, row)? == *plain { Ok(sealed) } else { Err(NotAKey.into()) }
}

pub(crate) async fn progress(connection: &mut PgConnection, id: Uuid) -> Result<Progress, RotationError> {
    let stored = store::find_rotation(connection, id).await?.ok_or(RotationError::Missing)?;
    Ok(Progress {
        total: stored.items_total,
        done: stored.items_re_encrypted,
        failed: stored.items_failed,
        is_finished: stored.rotation_status == "completed",
    })
}

pub(crate) async fn write_down(
    connection: &mut PgConnection,
    (event_type, severity): (&str, &str),
    (key, by): (Uuid, Option<Uuid>),
    data: serde_json::Value,
    error: Option<String>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let event = Event {
        event_type,
        category: "key_rotation",
        severity,
        resource_type: "encryption_key",
        resource_id: Some(key),
        action: "rotate_key",
        user_id: by,
        data,
        error,
    };
    record::insert(connection, event, now).await
}
