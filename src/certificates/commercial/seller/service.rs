//! Keeping accounts and terms. They are their exporter's own affair.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::facts::{AccountFacts, parse_terms};
use super::store;
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::certificates::commercial::model::{SellerAccount, SellerTerms};
use crate::database::{Db, Tx};
use crate::ids::{AccountId, OrganizationId};
use crate::workflow::{Command, CommandError, Effects, FieldProblems, Message, Problem};

/// The page of a seller's accounts and terms.
pub(super) const HOME: &str = "/seller";

/// What the forms offer.
pub(super) struct Choices {
    /// The commercial banks.
    pub banks: Vec<(OrganizationId, String)>,
    /// ISO 4217.
    pub currencies: Vec<String>,
}

/// What a seller has kept.
pub(super) struct Kept {
    /// Its terms.
    pub terms: SellerTerms,
    /// Its accounts, the open ones first.
    pub accounts: Vec<SellerAccount>,
    /// What the form of an account offers.
    pub choices: Choices,
}

/// What the viewer's organisation has kept.
///
/// # Errors
/// When the database cannot be reached.
pub(super) async fn kept(db: &Db, actor: &Actor) -> sqlx::Result<Kept> {
    let mut tx = db.begin_as(actor).await?;
    let owner = actor.organization.id;
    let kept = Kept {
        terms: store::find_terms(&mut tx, owner).await?,
        accounts: store::list_accounts(&mut tx, owner).await?,
        choices: choices(&mut tx).await?,
    };
    tx.commit().await?;
    Ok(kept)
}

async fn choices(tx: &mut Tx) -> sqlx::Result<Choices> {
    Ok(Choices { banks: store::list_banks(tx).await?, currencies: store::list_currencies(tx).await? })
}

/// Why something is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no such account, or it is another firm's.
    NotFound,
    /// Somebody else has changed it since the form was shown.
    Stale,
    /// What was typed is not right.
    Invalid(FieldProblems),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotFound => "there is no such account",
            Self::Stale => "it was changed meanwhile",
            Self::Invalid(_) => "some fields are not right",
        })
    }
}

type Failure = CommandError<Refusal>;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Keeps the terms.
pub(super) struct KeepTerms<'a> {
    /// The version that the form was shown for.
    pub version: i32,
    /// The fields as typed.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for KeepTerms<'_> {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let terms = parse_terms(self.fields, self.version).map_err(Refusal::Invalid)?;
        if !store::keep_terms(tx, &terms, actor, now).await? {
            return Err(Refusal::Stale.into());
        }
        let details = json!({ "has_liner": terms.has_liner, "version": self.version + 1 });
        Ok(Effects {
            location: HOME.to_owned(),
            flash: Message::new("seller-terms-saved"),
            event: Event::business(
                "SELLER_TERMS_CHANGED",
                "organization",
                actor.organization.id.0,
                Severity::Medium,
                details,
            ),
            outbox: None,
        })
    }
}

/// Adds an account, or changes the one given in the version that was shown.
pub(super) struct KeepAccount<'a> {
    /// Which, and the version that the form was shown for; a new one when there is none.
    pub account: Option<(AccountId, i32)>,
    /// The fields as typed.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for KeepAccount<'_> {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let Choices { banks, currencies } = choices(tx).await?;
        let known = store::list_accounts(tx, actor.organization.id).await?;
        if let Some((id, _)) = self.account
            && !known.iter().any(|account| account.id == id)
        {
            return Err(Refusal::NotFound.into());
        }
        let mut account = AccountFacts::parse(self.fields, &banks, &currencies).map_err(Refusal::Invalid)?;
        let (id, is_new) = match self.account {
            Some((id, version)) => {
                if !store::update_account(tx, (id, version), &account, actor, now).await.map_err(twice)? {
                    return Err(Refusal::Stale.into());
                }
                (id, false)
            }
            None => {
                account.is_open = true;
                let id = AccountId::new();
                store::insert_account(tx, id, &account, actor, now).await.map_err(twice)?;
                (id, true)
            }
        };
        // Number and holder are a firm's, and a farmer's are a person's: they stand in the part that can be erased.
        let details = json!({ "bank": account.bank, "currency": account.currency, "is_open": account.is_open });
        let event_type = if is_new { "SELLER_ACCOUNT_ADDED" } else { "SELLER_ACCOUNT_CHANGED" };
        let mut event = Event::business(event_type, "seller_account", id.0, Severity::High, details);
        event.private = Some(json!({ "number": account.number, "holder": account.holder, "swift": account.swift }));
        Ok(Effects {
            location: HOME.to_owned(),
            flash: Message::new("seller-account-saved").with("number", account.number),
            event,
            outbox: None,
        })
    }
}

/// An account that is on the list already is a problem of its field.
fn twice(error: sqlx::Error) -> Failure {
    if error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) == Some("seller_accounts_once") {
        let mut problems = FieldProblems::default();
        problems.add("account_number", Problem::Refused { text_id: "problem-account-twice", arguments: Vec::new() });
        return Refusal::Invalid(problems).into();
    }
    error.into()
}
