//! What the two pages show.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{HOME, Typed, forms};
use crate::auth::permission::permissions_of;
use crate::auth::{Actor, Permission, Role, Weight};
use crate::i18n::Lang;
use crate::organizations::roles::model::{Grant, Period, Restriction, Roster, Standing};
use crate::organizations::roles::service::{Capacity, OwnDelegations};
use crate::organizations::staff::roles_in;
use crate::web::chrome::Chrome;
use crate::web::components::{ActionButton, EmptyState, Field, Form, Moment, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::views::{Cell, Section};

#[derive(Template)]
#[template(path = "organizations/roles.html")]
pub(super) struct RolesPage {
    chrome: Chrome,
    /// Neighbouring pages.
    links: Vec<(&'static str, String)>,
    lead: Vec<String>,
    /// For who sees every organisation.
    filters: Vec<Field>,
    here: &'static str,
    clear: Option<String>,
    tables: Vec<Table>,
    forms: Vec<(String, Form)>,
}

/// A table, with what can be done with its rows.
struct Table {
    section: Section,
    acts: Vec<Option<ActionButton>>,
}

impl Table {
    fn has_acts(&self) -> bool {
        self.acts.iter().any(Option::is_some)
    }

    /// The button of the row with this index.
    fn act(&self, row: &usize) -> Option<&ActionButton> {
        self.acts.get(*row).and_then(Option::as_ref)
    }
}

/// What a person reads for a permission.
pub(super) fn name(permission: Permission, lang: Lang) -> String {
    lang.name_of("permission", &permission.code().replace(':', "-"))
}

pub(super) fn roles(exchange: &Exchange, actor: &Actor, roster: &Roster, typed: Typed<'_>) -> RolesPage {
    let (lang, now) = (exchange.lang(), exchange.now());
    let is_own = roster.house.id == actor.organization.id;
    let may_manage = is_own && actor.may(Permission::ManageRoles);
    let sees_all = actor.may(Permission::ViewAudit);
    let house = lang.pick(&roster.house.name_en, &roster.house.name_am);
    let (ended, held): (Vec<&Grant>, Vec<&Grant>) =
        roster.grants.iter().partition(|grant| grant.standing(now) == Standing::Ended);
    let mut tables = vec![matrix(roster, now, lang)];
    let end = |grant: &Grant| {
        (may_manage && grant.person != actor.user_id)
            .then(|| button(exchange, format!("/staff/roles/grants/{}/end", grant.id), "roles-end", &grant.name))
    };
    tables.push(grants(("grants", "roles-held", "roles-held-none"), &held, exchange, end));
    tables.push(restrictions(roster, exchange, may_manage));
    if !ended.is_empty() {
        tables.push(grants(("ended", "roles-ended-title", "roles-held-none"), &ended, exchange, |_| None));
    }
    let mut all_forms = Vec::new();
    if may_manage {
        all_forms.push((lang.t("roles-grant-title"), forms::granting(exchange, actor, roster, typed)));
        let sources = forms::sources(roster, now);
        if !sources.is_empty() {
            let anybody = |id| id != actor.user_id;
            let of_all = (roster, sources.as_slice());
            let form = forms::delegating(exchange, Capacity::Administrator, of_all, anybody, typed);
            all_forms.push((lang.t("roles-delegate-title"), form));
        }
        all_forms.push((lang.t("roles-narrow-title"), forms::narrowing(exchange, roster, typed)));
    }
    let mut links = Vec::new();
    if actor.may(Permission::ViewStaff) {
        links.push(("/staff", lang.t("staff-title")));
    }
    links.push((super::OWN, lang.t("roles-own-title")));
    RolesPage {
        chrome: exchange.chrome(lang.t("roles-title")).wide(),
        links,
        lead: vec![lang.fill("roles-lead", [("organization", house.clone())]), lang.t("roles-lead-apart")],
        filters: if sees_all {
            let code = Field::text("organization", lang.t("roles-organization"));
            vec![code.hint(lang.t("roles-organization-hint")).value(roster.house.code.clone()).width(20)]
        } else {
            Vec::new()
        },
        here: HOME,
        clear: (!is_own).then(|| HOME.to_owned()),
        tables,
        forms: all_forms,
    }
}

pub(super) fn own(exchange: &Exchange, actor: &Actor, own: &OwnDelegations, typed: Typed<'_>) -> RolesPage {
    let lang = exchange.lang();
    let now = exchange.now();
    let end = |grant: &Grant| {
        let is_given = grant.delegated_by.as_ref().is_some_and(|(absent, _)| *absent == actor.user_id);
        (is_given && grant.standing(now) != Standing::Ended).then(|| {
            button(exchange, format!("/account/delegations/{}/end", grant.id), "roles-delegation-end", &grant.name)
        })
    };
    let delegations: Vec<&Grant> = own.delegations.iter().collect();
    let mut all_forms = Vec::new();
    let mut lead = vec![lang.t("roles-own-lead")];
    if own.sources.is_empty() {
        lead.push(lang.t("roles-own-nothing"));
    } else {
        let others = |id| id != actor.user_id;
        let of_own = (&own.roster, own.sources.as_slice());
        let form = forms::delegating(exchange, Capacity::Absent, of_own, others, typed);
        all_forms.push((lang.t("roles-delegate-title"), form));
    }
    let mut links = vec![("/account", lang.t("account-title"))];
    if actor.may(Permission::ViewRoles) {
        links.push((HOME, lang.t("roles-title")));
    }
    RolesPage {
        chrome: exchange.chrome(lang.t("roles-own-title")).wide(),
        links,
        lead,
        filters: Vec::new(),
        here: super::OWN,
        clear: None,
        tables: vec![grants(
            ("delegations", "roles-delegations", "roles-delegations-none"),
            &delegations,
            exchange,
            end,
        )],
        forms: all_forms,
    }
}

/// Every permission that some role has here, with the roles that have it and how many people do.
fn matrix(roster: &Roster, now: DateTime<Utc>, lang: Lang) -> Table {
    let kind = roster.house.kind;
    let roles: Vec<Role> = roles_in(kind).collect();
    let head = std::iter::once((lang.t("roles-permission"), false))
        .chain(roles.iter().map(|role| (lang.name_of("role", role.code()), false)))
        .chain([(lang.t("roles-holders"), true)])
        .collect();
    let has = |role: Role, permission: Permission| permissions_of(kind, role).contains(permission);
    let rows =
        Permission::ALL.iter().copied().filter(|one| roles.iter().any(|role| has(*role, *one))).map(|permission| {
            let mut first = Cell::new(name(permission, lang));
            let weight = permission.weight();
            if weight != Weight::Light {
                let tone = if weight == Weight::Decides { Tone::Info } else { Tone::Warn };
                first = first.tag(Tag::new(lang.name_of("permission-weight", weight.code()), tone));
            }
            let cells =
                roles.iter().map(|role| match (has(*role, permission), roster.restriction(*role, permission, now)) {
                    (false, _) => Cell::new("–"),
                    (true, None) => Cell::new(lang.t("roles-yes")),
                    (true, Some(restriction)) => {
                        let until = restriction.until.map(|at| Moment::end(lang, at).text);
                        let until = until.map(|until| lang.fill("roles-withheld-until", [("until", until)]));
                        Cell::tagged(vec![Tag::new(lang.t("roles-withheld"), Tone::Bad)])
                            .note(until.unwrap_or_default())
                    }
                });
            std::iter::once(first)
                .chain(cells)
                .chain([Cell::new(roster.holders(permission, now).to_string())])
                .collect::<Vec<_>>()
        });
    Table {
        section: section("matrix", head, rows.collect(), ("roles-matrix", "roles-held-none"), lang),
        acts: Vec::new(),
    }
}

fn grants(
    (id, title, none): (&'static str, &str, &str),
    grants: &[&Grant],
    exchange: &Exchange,
    end: impl Fn(&Grant) -> Option<ActionButton>,
) -> Table {
    let (lang, now) = (exchange.lang(), exchange.now());
    let head = ["name", "role", "state", "from", "until", "by"].map(|part| (lang.name_of("roles-head", part), false));
    let rows = grants.iter().map(|grant| grant_row(grant, lang, now)).collect();
    Table {
        section: section(id, head.to_vec(), rows, (title, none), lang),
        acts: grants.iter().map(|grant| end(grant)).collect(),
    }
}

fn grant_row(grant: &Grant, lang: Lang, now: DateTime<Utc>) -> Vec<Cell> {
    let mut role = Cell::new(lang.name_of("role", grant.role.code()));
    if let Some((_, absent)) = &grant.delegated_by {
        role = role.note(lang.fill("roles-instead-of", [("name", absent.clone())]));
        role = role.tag(Tag::new(lang.t("roles-delegation"), Tone::Info));
    }
    let by = match (&grant.revoked_by, &grant.granted_by) {
        (Some(ended), _) => lang.fill("roles-ended-by", [("name", ended.clone())]),
        (None, Some(granted)) => granted.clone(),
        (None, None) => "–".to_owned(),
    };
    vec![
        Cell::new(grant.name.clone()).note(grant.username.clone()),
        role,
        Cell::tagged(vec![tag(grant.standing(now), lang)]),
        Cell::new(Moment::beginning(lang, grant.period.from.unwrap_or(grant.granted_at)).text),
        bound(grant.span(), lang),
        Cell::new(by).note(grant.reason.clone().unwrap_or_default()),
    ]
}

fn bound(span: Period, lang: Lang) -> Cell {
    Cell::new(span.until.map_or_else(|| lang.t("roles-open"), |at| Moment::end(lang, at).text))
}

fn restrictions(roster: &Roster, exchange: &Exchange, may_manage: bool) -> Table {
    let (lang, now) = (exchange.lang(), exchange.now());
    let head =
        ["permission", "role", "state", "from", "until", "by"].map(|part| (lang.name_of("roles-head", part), false));
    let row = |one: &Restriction| {
        let until = match (one.lifted_at, one.until) {
            (Some(at), _) | (None, Some(at)) => Moment::end(lang, at).text,
            (None, None) => lang.t("roles-open"),
        };
        vec![
            Cell::new(name(one.permission, lang)),
            Cell::new(lang.name_of("role", one.role.code())),
            Cell::tagged(vec![tag(one.standing(now), lang)]),
            Cell::new(Moment::at(lang, one.from).text),
            Cell::new(until),
            Cell::new(one.set_by.clone().unwrap_or_default()).note(one.reason.clone()),
        ]
    };
    let lift = |one: &Restriction| {
        (may_manage && one.standing(now) != Standing::Ended).then(|| {
            let about = name(one.permission, lang);
            button(exchange, format!("/staff/roles/restrictions/{}/end", one.id), "roles-widen", &about)
        })
    };
    let rows = roster.restrictions.iter().map(row).collect();
    Table {
        section: section("restrictions", head.to_vec(), rows, ("roles-restrictions", "roles-restrictions-none"), lang),
        acts: roster.restrictions.iter().map(lift).collect(),
    }
}

fn tag(standing: Standing, lang: Lang) -> Tag {
    let tone = match standing {
        Standing::Planned => Tone::Info,
        Standing::Running => Tone::Good,
        Standing::Ended => Tone::Neutral,
    };
    Tag::new(lang.name_of("role-grant", standing.code()), tone)
}

fn button(exchange: &Exchange, action: String, label: &str, about: &str) -> ActionButton {
    ActionButton {
        action,
        token: exchange.form_token(None),
        says: None,
        label: exchange.lang().t(label),
        about: about.to_owned(),
    }
}

fn section(
    id: &'static str,
    head: Vec<(String, bool)>,
    rows: Vec<Vec<Cell>>,
    (title, none): (&str, &str),
    lang: Lang,
) -> Section {
    let empty = EmptyState { title: lang.t(none), text: String::new(), action: None };
    Section { id, title: lang.t(title), is_titled: true, head, rows, empty, paging: None }
}
