//! Code lists that every page needs, and the few facts behind the flags of a list: read once a minute instead of
//! once a request.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use chrono::NaiveDate;

use super::minimum_prices::MinimumPrices;
use super::service::read;
use crate::calendar::Holidays;
use crate::database::Db;
use crate::documents::checklist::Requirement;
use crate::i18n::Lang;
use crate::ids::ExporterId;

/// How old a list may be.
const FRESH_FOR: Duration = Duration::from_secs(60);

/// A thing with a name in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// English.
    pub en: String,
    /// Amharic.
    pub am: String,
}

impl Named {
    /// The name in `lang`.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.en, &self.am)
    }
}

/// A country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Country {
    /// Its name.
    pub name: Named,
    /// Member of the European Union.
    pub is_eu: bool,
}

/// A kind of document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentType {
    /// Such as `INVOICE`.
    pub code: String,
    /// Its name.
    pub name: Named,
    /// Who normally brings it.
    pub provided_by: String,
}

/// The lists as they stood when they were read.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// By ISO 3166 code.
    pub countries: BTreeMap<String, Country>,
    /// In the order of the checklist.
    pub document_types: Vec<DocumentType>,
    /// The rules of the checklist.
    pub requirements: Vec<Requirement>,
    /// Public holidays.
    pub holidays: Holidays,
    /// Port names by UN/LOCODE.
    pub ports: BTreeMap<String, String>,
    /// Coffee types.
    pub coffee_types: BTreeMap<String, Named>,
    /// Regions of origin, by their English names.
    pub regions: BTreeMap<String, Named>,
    /// Minimum export prices of the last weeks.
    pub minimum_prices: MinimumPrices,
    /// The last day of each exporter's licence, where it is near or was not long ago.
    pub ending_licenses: HashMap<ExporterId, NaiveDate>,
}

impl Catalog {
    /// The name of a country, or its code when it is not listed.
    #[must_use]
    pub fn country<'a>(&'a self, code: &'a str, lang: Lang) -> &'a str {
        self.countries.get(code).map_or(code, |country| country.name.name(lang))
    }

    /// Codes and names of the countries, in the order in which a reader looks for the names.
    #[must_use]
    pub fn countries_by_name(&self, lang: Lang) -> Vec<(&str, &str)> {
        let mut countries: Vec<(&str, &str)> =
            self.countries.iter().map(|(code, country)| (code.as_str(), country.name.name(lang))).collect();
        countries.sort_by_key(|(_, name)| *name);
        countries
    }

    /// Whether a country is a member of the European Union.
    #[must_use]
    pub fn is_eu(&self, code: &str) -> bool {
        self.countries.get(code).is_some_and(|country| country.is_eu)
    }

    /// The name of a kind of document, or its code.
    #[must_use]
    pub fn document<'a>(&'a self, code: &'a str, lang: Lang) -> &'a str {
        self.document_types.iter().find(|kind| kind.code == code).map_or(code, |kind| kind.name.name(lang))
    }

    /// The place of a kind of document in the checklist; behind all others when it is not listed.
    #[must_use]
    pub fn place_of(&self, code: &str) -> usize {
        self.document_types.iter().position(|kind| kind.code == code).unwrap_or(usize::MAX)
    }

    /// The name of a port, or its code.
    #[must_use]
    pub fn port<'a>(&'a self, code: &'a str) -> &'a str {
        self.ports.get(code).map_or(code, String::as_str)
    }

    /// The name of a region of origin.
    #[must_use]
    pub fn region<'a>(&'a self, region: &'a str, lang: Lang) -> &'a str {
        self.regions.get(region).map_or(region, |name| name.name(lang))
    }

    /// The name of a coffee.
    #[must_use]
    pub fn coffee<'a>(&'a self, coffee_type: &'a str, lang: Lang) -> &'a str {
        lang.pick(coffee_type, self.coffee_types.get(coffee_type).map_or(coffee_type, |name| &name.am))
    }
}

/// The lists, shared by all requests.
#[derive(Debug, Clone, Default)]
pub struct CatalogCache(Arc<RwLock<Option<Read>>>);

/// A catalog and when it was read.
type Read = (Instant, Arc<Catalog>);

impl CatalogCache {
    /// The lists, at most a minute old. When the database is away, older ones serve.
    ///
    /// # Errors
    /// When they were never read and the database cannot be reached.
    pub async fn get(&self, db: &Db, today: NaiveDate) -> sqlx::Result<Arc<Catalog>> {
        let known = self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        match known {
            Some((read_at, catalog)) if read_at.elapsed() < FRESH_FOR => Ok(catalog),
            Some((_, stale)) => Ok(self.read(db, today).await.unwrap_or(stale)),
            None => self.read(db, today).await,
        }
    }

    async fn read(&self, db: &Db, today: NaiveDate) -> sqlx::Result<Arc<Catalog>> {
        let catalog = Arc::new(read::catalog(db, today).await?);
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) =
            Some((Instant::now(), Arc::clone(&catalog)));
        Ok(catalog)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_stand_in_the_order_of_their_names() {
        let mut catalog = Catalog::default();
        for (code, en, am) in [
            ("AE", "United Arab Emirates", "የተባበሩት አረብ ኤምሬቶች"),
            ("CH", "Switzerland", "ስዊዘርላንድ"),
            ("DE", "Germany", "ጀርመን"),
        ] {
            let name = Named { en: en.to_owned(), am: am.to_owned() };
            catalog.countries.insert(code.to_owned(), Country { name, is_eu: code == "DE" });
        }
        let codes = |lang| catalog.countries_by_name(lang).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
        assert_eq!(codes(Lang::EN), ["DE", "CH", "AE"]);
        assert_eq!(codes(Lang::AM), ["CH", "AE", "DE"]);
    }
}
