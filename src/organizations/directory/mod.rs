//! Names of the people and organisations met on a case.
//!
//! A case names a dozen of them, mostly the same from one page to the next; they are kept for a minute instead of
//! asked for one by one in the middle of every query. Only who has met an id on something visible asks for its name.

mod store;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use sqlx::PgConnection;
use uuid::Uuid;

use crate::i18n::Lang;

/// How old a name may be.
const FRESH_FOR: Duration = Duration::from_secs(60);
/// Beyond so many, all are forgotten and learned anew.
const KEPT: usize = 10_000;

/// A name in both languages; a person's is the same in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    en: String,
    am: String,
}

/// The names of those who were asked for.
#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<Uuid, Arc<Name>>);

impl Names {
    /// The name behind an id; `None` when nobody has it.
    #[must_use]
    pub fn of(&self, id: impl Into<Uuid>, lang: Lang) -> Option<&str> {
        self.0.get(&id.into()).map(|name| lang.pick(name.en.as_str(), name.am.as_str()))
    }
}

#[cfg(test)]
impl FromIterator<(Uuid, &'static str)> for Names {
    fn from_iter<T: IntoIterator<Item = (Uuid, &'static str)>>(named: T) -> Self {
        let name = |name: &str| Arc::new(Name { en: name.to_owned(), am: name.to_owned() });
        Self(named.into_iter().map(|(id, known)| (id, name(known))).collect())
    }
}

/// The names that this process knows, shared by all requests.
#[derive(Debug, Clone, Default)]
pub struct Directory(Arc<RwLock<HashMap<Uuid, Learned>>>);

/// When a name was learned, and the name.
type Learned = (Instant, Arc<Name>);

impl Directory {
    /// The names of `ids`; one round trip when some are not known.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn names(
        &self,
        connection: &mut PgConnection,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> sqlx::Result<Names> {
        let mut wanted: HashSet<Uuid> = ids.into_iter().collect();
        let mut names = Names::default();
        {
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            wanted.retain(|id| match known.get(id) {
                Some((learned, name)) if learned.elapsed() < FRESH_FOR => {
                    names.0.insert(*id, Arc::clone(name));
                    false
                }
                _ => true,
            });
        }
        if wanted.is_empty() {
            return Ok(names);
        }
        let wanted: Vec<Uuid> = wanted.into_iter().collect();
        let found = store::list_names(connection, &wanted).await?;
        let now = Instant::now();
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() + found.len() > KEPT {
            known.clear();
        }
        for (id, name) in found {
            let name = Arc::new(name);
            known.insert(id, (now, Arc::clone(&name)));
            names.0.insert(id, name);
        }
        Ok(names)
    }
}
