//! Files of plots: looked at, kept until somebody says yes, stored whole or not at all.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Failure, add, against_taken, keys};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::error::AppError;
use crate::eudr::faults::{Faults, Place};
use crate::eudr::geojson::{self, Feature, PlotData, Reading};
use crate::eudr::model::CutOff;
use crate::eudr::rules::PlotRefusal;
use crate::eudr::store::{self, imports};
use crate::ids::PlotImportId;
use crate::workflow::{Command, Effects, Message};

/// What a file holds, and everything that stands against storing it for `actor` as things are. Stores nothing.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::eudr) async fn look_at(db: &Db, actor: &Actor, bytes: Vec<u8>) -> Result<Reading, AppError> {
    let mut tx = db.begin_as(actor).await?;
    let countries = store::list_countries(&mut tx).await?;
    tx.commit().await?;
    let read = move || geojson::read(&bytes, &|code| countries.contains(code));
    // Ten megabytes take a while: other requests go on meanwhile.
    let mut reading = tokio::task::spawn_blocking(read).await.map_err(AppError::internal)?;
    let (numbers, places) = keys(plots(&reading.features));
    let mut tx = db.begin_as(actor).await?;
    let taken = store::find_taken(&mut tx, actor, &numbers, &places).await?;
    tx.commit().await?;
    against_taken(placed(&reading.features), &taken).into_iter().for_each(|fault| reading.faults.add(fault));
    Ok(reading)
}

fn plots(features: &[Feature]) -> impl Iterator<Item = &PlotData> {
    features.iter().map(|feature| &feature.plot)
}

fn placed(features: &[Feature]) -> impl Iterator<Item = (Place, &PlotData)> {
    features.iter().map(|feature| (Place::feature(feature.number), &feature.plot))
}

/// Keeps a file without fault until somebody says yes.
pub(in crate::eudr) struct KeepImport<'a> {
    pub id: PlotImportId,
    pub file_name: &'a str,
    pub sha256: [u8; 32],
    pub features: usize,
    pub content: &'a [u8],
}

#[async_trait]
impl Command for KeepImport<'_> {
    type Refusal = PlotRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let import = imports::NewImport {
            id: self.id,
            file_name: self.file_name,
            sha256: self.sha256,
            features: self.features,
            content: self.content,
        };
        imports::insert(tx, &import, actor, now).await?;
        let details = json!({ "features": self.features, "sha256": hex::encode(self.sha256) });
        let mut event = Event::business("PLOT_FILE_READ", "plot_import", self.id.0, Severity::Low, details);
        event.compliance_relevant = false;
        event.private = Some(json!({ "file_name": self.file_name }));
        Ok(Effects {
            location: format!("/plots/imports/{}", self.id),
            flash: Message::new("plots-file-read").with("count", self.features.to_string()),
            event,
            outbox: None,
        })
    }
}

/// Stores what a file holds.
pub(in crate::eudr) struct StoreImport<'a> {
    pub import: PlotImportId,
    pub file_name: &'a str,
    pub sha256: [u8; 32],
    /// What was read of it.
    pub features: &'a [Feature],
    /// Stated of all its plots.
    pub cutoff: Option<&'a CutOff>,
}

#[async_trait]
impl Command for StoreImport<'_> {
    type Refusal = PlotRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (numbers, places) = keys(plots(self.features));
        let taken = store::lock_taken(tx, actor, &numbers, &places).await?;
        if !imports::settle(tx, actor, self.import, "STORED", now).await? {
            return Err(PlotRefusal::Settled.into());
        }
        let mut faults = Faults::default();
        against_taken(placed(self.features), &taken).into_iter().for_each(|fault| faults.add(fault));
        if !faults.is_empty() {
            return Err(PlotRefusal::Faulty(faults).into());
        }
        let data: Vec<&PlotData> = plots(self.features).collect();
        let added = add(tx, &data, self.cutoff, Some((self.file_name, self.sha256)), actor, now).await?;
        let details = json!({
            "plots": added.len(),
            "first": added.first().map(|(_, number)| number),
            "last": added.last().map(|(_, number)| number),
            "sha256": hex::encode(self.sha256),
            "stated": self.cutoff.is_some(),
        });
        Ok(Effects {
            location: "/plots".to_owned(),
            flash: Message::new("plots-imported").with("count", added.len().to_string()),
            event: Event::business("PLOTS_IMPORTED", "plot_import", self.import.0, Severity::Medium, details),
            outbox: None,
        })
    }
}

/// Lets a file go that nobody wants stored.
pub(in crate::eudr) struct DiscardImport {
    pub import: PlotImportId,
}

#[async_trait]
impl Command for DiscardImport {
    type Refusal = PlotRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        match imports::find_visible(tx, actor, self.import).await? {
            None => return Err(PlotRefusal::NotFound.into()),
            Some(None) => return Err(PlotRefusal::Settled.into()),
            Some(Some(_)) => {}
        }
        if !imports::settle(tx, actor, self.import, "DISCARDED", now).await? {
            return Err(PlotRefusal::Settled.into());
        }
        let mut event = Event::business("PLOT_FILE_DISCARDED", "plot_import", self.import.0, Severity::Low, json!({}));
        event.compliance_relevant = false;
        Ok(Effects {
            location: "/plots/import".to_owned(),
            flash: Message::new("plots-file-discarded"),
            event,
            outbox: None,
        })
    }
}
