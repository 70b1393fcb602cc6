//! `/pki/keys`: how far rotations of keys are, how the lists of what was revoked stand, and what somebody should look at.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Duration, Utc};
use http::StatusCode;
use jebena_signer::protocol::{KeyFacts, RotationFacts};
use jebena_signer::x509::profile::Profile;
use jebena_trust::revocation_list::RevocationList;
use uuid::Uuid;

use super::{CERTIFICATES, KEYS, nothing, silent, tabs, words};
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::organizations::directory::Names;
use crate::pki::asking::{self, LISTS, Silence};
use crate::pki::rules::{self, State as Worth};
use crate::pki::service;
use crate::web::components::{Check, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::views::{Cell, Section, TablePage};

/// Where strangers fetch each of [`LISTS`].
const ADDRESSES: [&str; 3] = ["/pki/root.crl", "/pki/ca.crl", "/pki/ca-delta.crl"];
/// A rotation that takes longer is stuck.
const ROTATION_MAY_TAKE: Duration = Duration::days(1);
/// Within so many days of its end a certificate is spoken of here.
const SOON: i64 = 30;

/// One list: its row, and whether it is behind.
struct ListLine {
    authority: Profile,
    is_delta: bool,
    address: &'static str,
    list: Option<RevocationList>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
) -> Result<Response, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let mut view = TablePage::of(exchange.chrome(lang.t("pki-keys-title")).wide(), KEYS);
    view.tabs = tabs(&actor, KEYS, lang);
    let asked = match asked(&state, now).await {
        Ok(found) => found,
        Err(silence) => return silent(&exchange, view, silence),
    };
    let Asked { lists, rotations, keys, .. } = &asked;
    let holders = rotations.iter().map(|rotation| rotation.organization).chain(keys.iter().map(|key| key.organization));
    let organizations: Vec<Uuid> = holders.flatten().collect();
    let (_, names) = service::decisions((&state.db, &state.directory), &actor, &[], &organizations).await?;
    view.lead = vec![lang.t("pki-keys-lead")];
    view.checks = checks(&asked, now, lang);
    let head = |names: &[&str], figures: &[&str]| -> Vec<(String, bool)> {
        names.iter().map(|name| (lang.name_of("pki-head", name), figures.contains(name))).collect()
    };
    view.sections = vec![
        Section {
            id: "lists",
            title: lang.t("pki-lists"),
            is_titled: true,
            head: head(&["list", "number", "entries", "made", "next", "state"], &["number", "entries"]),
            rows: lists.iter().map(|line| list_row(line, now, lang)).collect(),
            empty: nothing(lang, "pki-lists-none", "pki-nobody"),
            paging: None,
        },
        Section {
            id: "keys",
            title: lang.t("pki-keys"),
            is_titled: true,
            head: head(&["of", "version", "since", "due", "keys", "uses", "most", "state"], &["keys", "uses", "most"]),
            rows: keys.iter().map(|key| key_row(key, &names, now, lang)).collect(),
            empty: nothing(lang, "pki-keys-none", "pki-nobody"),
            paging: None,
        },
        Section {
            id: "rotations",
            title: lang.t("pki-rotations"),
            is_titled: true,
            head: head(&["of", "why", "begun", "progress", "failed", "state"], &["progress", "failed"]),
            rows: rotations.iter().map(|rotation| rotation_row(rotation, &names, now, lang)).collect(),
            empty: nothing(lang, "pki-rotations-none", "pki-rotations-none-text"),
            paging: None,
        },
    ];
    crate::web::answer(&view, StatusCode::OK)
}

/// What the page is about.
struct Asked {
    lists: Vec<ListLine>,
    rotations: Vec<RotationFacts>,
    keys: Vec<KeyFacts>,
    /// How many certificates end soon.
    ending: usize,
}

async fn asked(state: &AppState, now: DateTime<Utc>) -> Result<Asked, Silence> {
    if asking::lists_until(state).await?.is_none() {
        return Err(Silence::Nobody);
    }
    let mut lists = Vec::new();
    for ((authority, is_delta), address) in LISTS.into_iter().zip(ADDRESSES) {
        let list = asking::revocation_list(state, authority, is_delta).await?;
        lists.push(ListLine { authority, is_delta, address, list });
    }
    let rotations = asking::rotations(state).await?;
    let certificates = asking::certificates(state).await?;
    let ending = certificates.iter().filter(|facts| {
        let is_soon = words::state_of(facts, now) == Worth::Ending && rules::days_left(facts.not_after, now) <= SOON;
        is_soon && rules::due(facts, &certificates, now).is_some()
    });
    Ok(Asked { lists, rotations, keys: asking::keys(state).await?, ending: ending.count() })
}

fn is_stuck(rotation: &RotationFacts, now: DateTime<Utc>) -> bool {
    rotation.completed_at.is_none() && rotation.started_at + ROTATION_MAY_TAKE <= now
}

fn checks(asked: &Asked, now: DateTime<Utc>, lang: Lang) -> Vec<Check> {
    let Asked { lists, rotations, keys, ending } = asked;
    let ending = *ending;
    let mut checks = Vec::new();
    let mut warn = |tone, text: String, href: Option<&str>| {
        checks.push(Check { tone, text, href: href.map(str::to_owned) });
    };
    if lists.iter().filter_map(|line| line.list.as_ref()).any(|list| rules::is_list_overdue(list, now)) {
        warn(Tone::Bad, lang.t("pki-warn-list"), None);
    }
    if keys.iter().any(|key| rules::is_overdue(key, now)) {
        warn(Tone::Bad, lang.t("pki-warn-overdue"), None);
    }
    if rotations.iter().any(|rotation| is_stuck(rotation, now)) {
        warn(Tone::Bad, lang.t("pki-warn-rotation"), None);
    }
    if rotations.iter().any(|rotation| rotation.failed > 0) {
        warn(Tone::Bad, lang.t("pki-warn-failed"), None);
    }
    if ending > 0 {
        let text = lang.t_args("pki-warn-ending", &[("count", ending.into())]);
        warn(Tone::Warn, text, Some(&format!("{CERTIFICATES}?state={}", Worth::Ending.code())));
    }
    if checks.is_empty() {
        checks.push(Check { tone: Tone::Good, text: lang.t("pki-keys-good"), href: None });
    }
    checks
}

fn list_row(line: &ListLine, now: DateTime<Utc>, lang: Lang) -> Vec<Cell> {
    let kind = words::kind(line.authority, lang);
    let name = if line.is_delta { lang.fill("pki-delta", [("authority", kind)]) } else { kind };
    let Some(list) = &line.list else {
        let none = || Cell::new("–");
        let state = Cell::tagged(vec![Tag::new(lang.t("pki-list-none"), Tone::Neutral)]);
        return vec![Cell::new(name), none(), none(), none(), none(), state];
    };
    let (text, tone) =
        if rules::is_list_overdue(list, now) { ("pki-list-overdue", Tone::Bad) } else { ("pki-list-good", Tone::Good) };
    let shown = |moment: Option<DateTime<Utc>>| moment.map_or_else(|| "–".to_owned(), |at| words::moment(lang, at));
    vec![
        Cell::new(name).href(line.address),
        Cell::new(list.number.map_or_else(|| "–".to_owned(), |number| number.to_string())),
        Cell::new(list.entries.to_string()),
        Cell::new(shown(rules::at(list.made))),
        Cell::new(shown(list.next.and_then(rules::at))),
        Cell::tagged(vec![Tag::new(lang.t(text), tone)]),
    ]
}

/// What a key that seals others is called.
fn key_name(of: &str, organization: Option<Uuid>, names: &Names, lang: Lang) -> String {
    match of {
        "master" => lang.t("pki-key-master"),
        _ => lang.fill("pki-key-data", [("holder", words::holder(names, organization, lang))]),
    }
}

fn key_row(key: &KeyFacts, names: &Names, now: DateTime<Utc>, lang: Lang) -> Vec<Cell> {
    let (text, tone) =
        if rules::is_overdue(key, now) { ("pki-key-overdue", Tone::Bad) } else { ("pki-key-good", Tone::Good) };
    vec![
        Cell::new(key_name(&key.of, key.organization, names, lang)),
        Cell::new(key.version.to_string()),
        Cell::new(words::day(lang, key.since)),
        Cell::new(words::day(lang, key.next_rotation_at)),
        Cell::new(key.private_keys.to_string()),
        Cell::new(key.uses_today.to_string()),
        Cell::new(key.most_uses_before.to_string()),
        Cell::tagged(vec![Tag::new(lang.t(text), tone)]),
    ]
}

fn rotation_row(rotation: &RotationFacts, names: &Names, now: DateTime<Utc>, lang: Lang) -> Vec<Cell> {
    let of = key_name(&rotation.of, rotation.organization, names, lang);
    let tone = match rotation.status.as_str() {
        "completed" => Tone::Good,
        "failed" => Tone::Bad,
        _ if is_stuck(rotation, now) => Tone::Bad,
        _ => Tone::Info,
    };
    vec![
        Cell::new(of),
        Cell::new(lang.name_of("pki-rotation", &rotation.kind)).note(rotation.reason.clone()),
        Cell::new(words::moment(lang, rotation.started_at)),
        Cell::new(format!("{} / {}", rotation.done, rotation.total)),
        Cell::new(rotation.failed.to_string()),
        Cell::tagged(vec![Tag::new(lang.name_of("pki-rotation-status", &rotation.status), tone)]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_is_stuck_after_a_day() {
        let next: DateTime<Utc> = "2026-11-29T12:00:00Z".parse().unwrap();
        let rotation = RotationFacts {
            rotation_id: Uuid::nil(),
            of: "data".to_owned(),
            organization: None,
            kind: "scheduled".to_owned(),
            reason: "a year is over".to_owned(),
            total: 10,
            done: 3,
            failed: 0,
            status: "in_progress".to_owned(),
            started_at: next,
            completed_at: None,
        };
        assert!(!is_stuck(&rotation, next + Duration::hours(23)) && is_stuck(&rotation, next + Duration::days(1)));
        let over = RotationFacts { completed_at: Some(next), ..rotation };
        assert!(!is_stuck(&over, next + Duration::days(9)));
    }
}
