//! Passwords: argon2id in a bounded pool.
//!
//! One hash takes 19 MiB and about 20 ms of a core, which makes sign-in the cheapest way to exhaust a
//! server. So: two hashes at a time, a short queue, and "try again" beyond it. Every attempt costs
//! exactly one hash, whether or not the user exists, so that time tells a stranger nothing.
//!
//! A hash runs on a thread of its own that gives way to everybody else's pages: whoever signs in waits for
//! twenty milliseconds anyway, and a queue beside two busy cores should not wait with them.
//!
//! The memory is kept between hashes and given back when nobody signs in. It is reserved larger than
//! it is used: allocators give back at once only what is beyond 32 MiB; a smaller block of this size stays
//! with the process after a burst, once per thread. Pages never touched cost nothing.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Semaphore, oneshot};

/// Hashes at a time.
const WORKERS: usize = 2;
/// Attempts that may wait for a worker: at 20 ms each on two workers, the last waits a third of a second.
const QUEUE: usize = 32;
/// Longer passwords are refused before anything is computed.
pub const MAX_PASSWORD_BYTES: usize = 1_024;
/// How long an unused block is kept for the next attempt.
const IDLE: Duration = Duration::from_secs(3);
/// 40 MiB: beyond the largest size that an allocator may keep.
const RESERVED_BLOCKS: usize = 40 * 1024;
/// A stored hash with more memory than this (64 MiB) was not made here.
const MAX_BLOCKS: usize = 64 * 1024;

/// How far a hash steps back, in the kernel's terms: at 10 a busy core gives it a tenth.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT_BYTES: usize = 32;
const SALT_BYTES: usize = 16;

/// Why there is no verdict on a password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many attempts are waiting already.
    #[error("too many passwords are being checked")]
    Busy,
    /// The password is longer than [`MAX_PASSWORD_BYTES`].
    #[error("the password is longer than {MAX_PASSWORD_BYTES} bytes")]
    TooLong,
    /// The stored text is no argon2id hash, or hashing failed.
    #[error("cannot hash: {0}")]
    Hashing(String),
}

/// Hashes and checks passwords; cheap to clone.
#[derive(Debug, Clone)]
pub struct PasswordHasher(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    workers: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    free: Mutex<Vec<Memory>>,
    finished: AtomicU64,
    unknown_user: String,
    idle: Duration,
}

struct Memory(Vec<Block>);

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Memory({} blocks)", self.0.len())
    }
}

impl Memory {
    fn new() -> Self {
        Self(Vec::with_capacity(RESERVED_BLOCKS))
    }

    fn blocks(&mut self, count: usize) -> &mut [Block] {
        if self.0.len() < count {
            self.0.resize(count, Block::default());
        }
        &mut self.0[..count]
    }
}

impl PasswordHasher {
    /// A hasher with its own two workers.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn new() -> Result<Self, PasswordError> {
        Self::with_idle(IDLE)
    }

    fn with_idle(idle: Duration) -> Result<Self, PasswordError> {
        Ok(Self(Arc::new(Pool {
            workers: Arc::new(Semaphore::new(WORKERS)),
            queue: Arc::new(Semaphore::new(WORKERS + QUEUE)),
            free: Mutex::new(Vec::new()),
            finished: AtomicU64::new(0),
            unknown_user: unknown_user_hash()?,
            idle,
        })))
    }

    /// A PHC string for `password`, with a fresh salt.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when too many wait, [`PasswordError::TooLong`].
    pub async fn hash(&self, password: SecretString) -> Result<String, PasswordError> {
        self.run(password, hash_in).await
    }

    /// Whether `password` is the one behind `stored`; without a stored hash always false, for the same work.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when too many wait, [`PasswordError::TooLong`], and
    /// [`PasswordError::Hashing`] when `stored` is no argon2id hash.
    pub async fn verify(&self, password: SecretString, stored: Option<String>) -> Result<bool, PasswordError> {
        let is_known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.0.unknown_user.clone());
        let matches = self.run(password, move |password, memory| verify_in(password, &stored, memory)).await?;
        Ok(is_known && matches)
    }

    async fn run<T: Send + 'static>(
        &self,
        password: SecretString,
        work: impl FnOnce(&[u8], &mut Memory) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        if password.expose_secret().len() > MAX_PASSWORD_BYTES {
            return Err(PasswordError::TooLong);
        }
        let pool = Arc::clone(&self.0);
        let place = Arc::clone(&self.0.queue).try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let worker = Arc::clone(&self.0.workers).acquire_owned().await.map_err(|_| PasswordError::Busy)?;
        let (answer, result) = oneshot::channel();
        // Not one of the runtime's: a thread that has stepped back may not come forward again.
        thread::Builder::new()
            .name("password".to_owned())
            .spawn(move || {
                give_way();
                // Theirs until the hash is done, also when whoever asked has hung up.
                let _bounds = (place, worker);
                let mut memory = pool.free().pop().unwrap_or_else(Memory::new);
                let result = work(password.expose_secret().as_bytes(), &mut memory);
                // The last one used goes on top, so that the other can be given back.
                pool.free().push(memory);
                // Whoever asked may have gone.
                drop(answer.send(result));
            })
            .map_err(|error| PasswordError::Hashing(error.to_string()))?;
        let result = result.await.map_err(|error| PasswordError::Hashing(error.to_string()))?;
        self.release_when_idle();
        result
    }

    fn release_when_idle(&self) {
        let finished = self.0.finished.fetch_add(1, Ordering::Relaxed) + 1;
        let (pool, idle) = (Arc::downgrade(&self.0), self.0.idle);
        tokio::spawn(async move {
            tokio::time::sleep(idle).await;
            if let Some(pool) = pool.upgrade()
                && pool.finished.load(Ordering::Relaxed) == finished
            {
                pool.free().clear();
            }
        });
    }
}

impl Pool {
    fn free(&self) -> std::sync::MutexGuard<'_, Vec<Memory>> {
        // A panic elsewhere leaves a valid list: blocks are filled anew by each hash.
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets other threads go before this one. Where that cannot be had, it runs among the others.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICE) {
        tracing::debug!(%error, "hashing at the usual priority");
    }
}

/// A hash that no password opens, with the costs of every other.
fn unknown_user_hash() -> Result<String, PasswordError> {
    let salt = Salt::new(&random::<SALT_BYTES>()).map_err(fault)?;
    phc(salt, &random::<OUTPUT_BYTES>())
}

fn random<const N: usize>() -> [u8; N] {
    rand::random()
}

fn hash_in(password: &[u8], memory: &mut Memory) -> Result<String, PasswordError> {
    let salt = Salt::new(&random::<SALT_BYTES>()).map_err(fault)?;
    let mut output = [0; OUTPUT_BYTES];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params()?);
    let blocks = memory.blocks(argon2.params().block_count());
    argon2.hash_password_into_with_memory(password, &salt, &mut output, blocks).map_err(fault)?;
    phc(salt, &output)
}

fn verify_in(password: &[u8], stored: &str, memory: &mut Memory) -> Result<bool, PasswordError> {
    let stored = PasswordHash::new(stored).map_err(fault)?;
    let (Some(salt), Some(expected)) = (stored.salt.as_ref(), stored.hash.as_ref()) else {
        return Err(PasswordError::Hashing("salt or output is missing".to_owned()));
    };
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).map_err(fault)?;
    let version = Version::try_from(stored.version.unwrap_or(Version::V0x13.into())).map_err(fault)?;
    let argon2 = Argon2::new(algorithm, version, Params::try_from(&stored).map_err(fault)?);
    if argon2.params().block_count() > MAX_BLOCKS {
        return Err(PasswordError::Hashing("more memory than is ever given".to_owned()));
    }
    let mut output = [0; Output::MAX_LENGTH];
    let output =
        output.get_mut(..expected.len()).ok_or_else(|| PasswordError::Hashing("the output is too long".to_owned()))?;
    let blocks = memory.blocks(argon2.params().block_count());
    argon2.hash_password_into_with_memory(password, salt, output, blocks).map_err(fault)?;
    // `Output` compares in constant time.
    Ok(Output::new(output).map_err(fault)? == *expected)
}

fn params() -> Result<Params, PasswordError> {
    Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES)).map_err(fault)
}

fn phc(salt: Salt, output: &[u8]) -> Result<String, PasswordError> {
    let params = params()?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(fault)?,
        salt: Some(salt),
        hash: Some(Output::new(output).map_err(fault)?),
    };
    Ok(hash.to_string())
}

fn fault(error: impl std::fmt::Display) -> PasswordError {
    PasswordError::Hashing(error.to_string())
}

#[cfg(test)]
mod tests {
    use argon2::{PasswordHasher as _, PasswordVerifier as _};

    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_opens_its_own_hash_and_no_other() {
        let hasher = PasswordHasher::new().unwrap();
        let stored = hasher.hash(secret("a good long password")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(hasher.verify(secret("a good long password"), Some(stored.clone())).await.unwrap());
        assert!(!hasher.verify(secret("another password"), Some(stored)).await.unwrap());
    }

    #[tokio::test]
    async fn the_same_password_hashes_differently_each_time() {
        let hasher = PasswordHasher::new().unwrap();
        let (one, two) = (hasher.hash(secret("same")).await.unwrap(), hasher.hash(secret("same")).await.unwrap());
        assert_ne!(one, two);
    }

    #[tokio::test]
    async fn hashes_are_those_of_the_library() {
        let hasher = PasswordHasher::new().unwrap();
        let theirs = Argon2::default().hash_password(b"shared").unwrap().to_string();
        assert!(hasher.verify(secret("shared"), Some(theirs)).await.unwrap());
        let ours = hasher.hash(secret("shared")).await.unwrap();
        assert!(Argon2::default().verify_password(b"shared", ours.as_str()).is_ok());
    }

    #[tokio::test]
    async fn an_unknown_user_costs_a_hash_and_never_matches() {
        let hasher = PasswordHasher::new().unwrap();
        assert!(!hasher.verify(secret(""), None).await.unwrap());
        assert_eq!(hasher.0.finished.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn an_endless_password_is_refused_unhashed() {
        let hasher = PasswordHasher::new().unwrap();
        let long = secret(&"a".repeat(MAX_PASSWORD_BYTES + 1));
        assert!(matches!(hasher.verify(long, None).await, Err(PasswordError::TooLong)));
        assert_eq!(hasher.0.finished.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn a_flood_is_turned_away_and_two_blocks_suffice() {
        let hasher = PasswordHasher::new().unwrap();
        let attempts = (0..WORKERS + QUEUE + 5).map(|_| hasher.verify(secret("x"), None));
        let results = futures::future::join_all(attempts).await;
        let busy = results.iter().filter(|r| matches!(r, Err(PasswordError::Busy))).count();
        assert_eq!(busy, 5);
        assert!(hasher.0.free().len() <= WORKERS);
    }

    #[tokio::test]
    async fn who_hangs_up_does_not_make_room_for_more() {
        let hasher = PasswordHasher::new().unwrap();
        let mut hashing = Box::pin(hasher.hash(secret("buna")));
        assert!(futures::poll!(&mut hashing).is_pending(), "a hash takes a while");
        drop(hashing);
        assert_eq!(hasher.0.workers.available_permits(), WORKERS - 1);
        let bounds = hasher.0.workers.acquire_many(u32::try_from(WORKERS).unwrap()).await.unwrap();
        drop(bounds);
    }

    #[tokio::test]
    async fn memory_is_given_back_when_nobody_signs_in() {
        // Long enough for a busy machine to look in between, and waited for however long it takes.
        let hasher = PasswordHasher::with_idle(Duration::from_secs(2)).unwrap();
        hasher.verify(secret("x"), None).await.unwrap();
        assert_eq!(hasher.0.free().len(), 1);
        let given_back = async {
            while !hasher.0.free().is_empty() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), given_back).await.unwrap();
    }
}
