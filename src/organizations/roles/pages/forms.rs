//! The forms: granting a role, handing one's work on, narrowing a role.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::{Fields, Typed};
use crate::auth::{Actor, Permission, Role};
use crate::calendar::{eat_date, first_moment, moment_after};
use crate::i18n::Lang;
use crate::ids::{GrantId, UserId};
use crate::organizations::roles::model::{Grant, Period, Roster, Standing};
use crate::organizations::roles::rules::{self, Refusal};
use crate::organizations::roles::service::{Capacity, Delegate, GrantRole, Narrow};
use crate::organizations::staff::roles_in;
use crate::web::components::{Choice, ErrorSummary, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::workflow::words::problem;
use crate::workflow::{FieldProblems, FieldReader, Problem};

pub(super) const PERSON: &str = "grant_person";
pub(super) const ROLE: &str = "grant_role";
const FROM: &str = "grant_from";
const UNTIL: &str = "grant_until";
pub(super) const SOURCE: &str = "delegated_role";
pub(super) const DELEGATE: &str = "delegate";
const DELEGATED_FROM: &str = "delegated_from";
pub(super) const DELEGATED_UNTIL: &str = "delegated_until";
const DELEGATION_REASON: &str = "delegation_reason";
pub(super) const RESTRICTED: &str = "restricted";
const RESTRICTED_UNTIL: &str = "restricted_until";
const RESTRICTION_REASON: &str = "restriction_reason";

/// The fields of each form; another is none of ours.
pub(super) const GRANT_FIELDS: &[&str] = &[PERSON, ROLE, FROM, UNTIL];
pub(super) const DELEGATION_FIELDS: &[&str] = &[SOURCE, DELEGATE, DELEGATED_FROM, DELEGATED_UNTIL, DELEGATION_REASON];
pub(super) const RESTRICTION_FIELDS: &[&str] = &[RESTRICTED, RESTRICTED_UNTIL, RESTRICTION_REASON];

/// A grant begins or ends within so many days.
const FAR_DAYS: Days = Days::new(3_653);

/// The sentence that says why.
pub(super) fn text_id(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotFound => "roles-refused-not-found",
        Refusal::RoleDoesNotFit => "roles-refused-role-does-not-fit",
        Refusal::Oneself => "roles-refused-oneself",
        Refusal::Disabled => "roles-refused-disabled",
        Refusal::HeldThen => "roles-refused-held-then",
        Refusal::KeptApart => "roles-refused-kept-apart",
        Refusal::NotDelegable => "roles-refused-not-delegable",
        Refusal::BeyondOwn => "roles-refused-beyond-own",
        Refusal::TooLong => "roles-refused-too-long",
        Refusal::NotNarrowable => "roles-refused-not-narrowable",
        Refusal::NarrowedAlready => "roles-refused-narrowed-already",
    }
}

/// A day that may be missing.
fn optional_day(reader: &mut FieldReader<'_>, field: &str, earliest: NaiveDate) -> Option<NaiveDate> {
    (!reader.raw(field).is_empty()).then(|| reader.date(field, earliest, earliest + FAR_DAYS))
}

/// One of the ids of a list; anything else is no choice.
fn id<T: std::str::FromStr>(reader: &mut FieldReader<'_>, field: &str) -> Option<T> {
    let raw = reader.raw(field);
    let parsed = raw.parse().ok();
    if parsed.is_none() {
        reader.problems.add(field, if raw.is_empty() { Problem::Missing } else { Problem::NotAChoice });
    }
    parsed
}

/// When a day begins; today it is now.
fn beginning(day: NaiveDate, now: DateTime<Utc>) -> DateTime<Utc> {
    first_moment(day).max(now)
}

pub(super) fn read_grant(
    fields: &Fields,
    (actor, lang): (&Actor, Lang),
    now: DateTime<Utc>,
) -> Result<GrantRole, FieldProblems> {
    let (mut reader, today) = (FieldReader::new(fields), eat_date(now));
    let person = id::<UserId>(&mut reader, PERSON);
    let codes: Vec<&str> = roles_in(actor.organization.kind).map(Role::code).collect();
    let role = Role::from_code(&reader.choice(ROLE, &codes));
    let from = optional_day(&mut reader, FROM, today);
    let until = optional_day(&mut reader, UNTIL, from.unwrap_or(today));
    match (person, role) {
        (Some(person), Some(role)) if reader.problems.is_empty() => {
            let from = from.filter(|day| *day > today).map(first_moment);
            Ok(GrantRole { person, role, period: Period { from, until: until.map(moment_after) }, lang })
        }
        _ => Err(reader.problems),
    }
}

pub(super) fn read_delegation(
    fields: &Fields,
    capacity: Capacity,
    now: DateTime<Utc>,
) -> Result<Delegate, FieldProblems> {
    let (mut reader, today) = (FieldReader::new(fields), eat_date(now));
    let source = id::<GrantId>(&mut reader, SOURCE);
    let to = id::<UserId>(&mut reader, DELEGATE);
    let from = reader.date(DELEGATED_FROM, today, today + FAR_DAYS);
    let until = reader.date(DELEGATED_UNTIL, from.max(today), today + FAR_DAYS);
    let reason = reader.text(DELEGATION_REASON, 5..=500);
    match (source, to) {
        (Some(source), Some(to)) if reader.problems.is_empty() => {
            let period = Period { from: Some(beginning(from, now)), until: Some(moment_after(until)) };
            Ok(Delegate { source, to, period, reason, capacity })
        }
        _ => Err(reader.problems),
    }
}

pub(super) fn read_restriction(fields: &Fields, now: DateTime<Utc>) -> Result<Narrow, FieldProblems> {
    let mut reader = FieldReader::new(fields);
    let chosen = reader.raw(RESTRICTED).split_once(' ');
    let chosen = chosen.and_then(|(role, code)| Role::from_code(role).zip(Permission::from_code(code)));
    if chosen.is_none() {
        let problem = if reader.raw(RESTRICTED).is_empty() { Problem::Missing } else { Problem::NotAChoice };
        reader.problems.add(RESTRICTED, problem);
    }
    let until = optional_day(&mut reader, RESTRICTED_UNTIL, eat_date(now)).map(moment_after);
    let reason = reader.text(RESTRICTION_REASON, 5..=500);
    match chosen {
        Some((role, permission)) if reader.problems.is_empty() => Ok(Narrow { role, permission, until, reason }),
        _ => Err(reader.problems),
    }
}

/// A form of fields, with what was typed into it and what is wrong with it.
fn form(exchange: &Exchange, action: &str, submit: &str, fields: Vec<Field>, (values, problems): Typed<'_>) -> Form {
    let lang = exchange.lang();
    let fields = fields
        .into_iter()
        .map(|field| {
            let error = problems.of(&field.name).map(|found| problem(found, lang));
            match values.get(&field.name) {
                Some(typed) => field.value(typed.clone()).error(error),
                None => field.error(error),
            }
        })
        .collect();
    let groups = vec![FieldGroup::plain(fields)];
    Form {
        action: action.to_owned(),
        token: exchange.form_token(None),
        summary: ErrorSummary::of(Vec::new(), groups.iter().flat_map(|group| &group.fields)),
        groups,
        submit: exchange.lang().t(submit),
        ..Form::default()
    }
}

/// A list that begins with nothing chosen.
fn list(lang: Lang, choices: impl Iterator<Item = Choice>) -> Vec<Choice> {
    std::iter::once(Choice::new("", lang.t("roles-choose"))).chain(choices).collect()
}

pub(super) fn granting(exchange: &Exchange, actor: &Actor, roster: &Roster, typed: Typed<'_>) -> Form {
    let lang = exchange.lang();
    let others = roster.people.iter().filter(|one| one.is_active && one.id != actor.user_id);
    let people = list(lang, others.map(|one| Choice::new(one.id.to_string(), one.name.clone())));
    let roles = roles_in(roster.house.kind).map(|role| Choice::new(role.code(), lang.name_of("role", role.code())));
    let fields = vec![
        Field::select(PERSON, lang.t("staff-name"), people),
        Field::radios(ROLE, lang.t("staff-role"), roles.collect()),
        Field::date(FROM, lang.t("roles-from")).hint(lang.t("roles-from-hint")).optional(),
        Field::date(UNTIL, lang.t("roles-until")).hint(lang.t("roles-until-hint")).optional(),
    ];
    form(exchange, "/staff/roles/grants", "roles-grant", fields, typed)
}

/// The form that hands the work of one of `sources` on.
pub(super) fn delegating(
    exchange: &Exchange,
    capacity: Capacity,
    (roster, sources): (&Roster, &[Grant]),
    delegates: impl Fn(UserId) -> bool,
    typed: Typed<'_>,
) -> Form {
    let lang = exchange.lang();
    let label = |grant: &Grant| {
        let role = lang.name_of("role", grant.role.code());
        match capacity {
            Capacity::Administrator => format!("{}, {role}", grant.name),
            Capacity::Absent => role,
        }
    };
    let roles = list(lang, sources.iter().map(|grant| Choice::new(grant.id.to_string(), label(grant))));
    let colleagues = roster.people.iter().filter(|one| one.is_active && delegates(one.id));
    let colleagues = list(lang, colleagues.map(|one| Choice::new(one.id.to_string(), one.name.clone())));
    let fields = vec![
        Field::select(SOURCE, lang.t("roles-delegated-role"), roles),
        Field::select(DELEGATE, lang.t("roles-delegate"), colleagues),
        Field::date(DELEGATED_FROM, lang.t("roles-from")).value(eat_date(exchange.now()).to_string()),
        Field::date(DELEGATED_UNTIL, lang.t("roles-until")).hint(lang.t("roles-delegated-until-hint")),
        Field::textarea(DELEGATION_REASON, lang.t("roles-reason")),
    ];
    let action = match capacity {
        Capacity::Administrator => "/staff/roles/delegations",
        Capacity::Absent => super::OWN,
    };
    form(exchange, action, "roles-hand-on", fields, typed)
}

/// The grants of an organisation whose work can be handed on.
pub(super) fn sources(roster: &Roster, now: DateTime<Utc>) -> Vec<Grant> {
    let all = roster.grants.iter().filter(|grant| rules::may_be_delegated(roster.house.kind, grant, now));
    all.cloned().collect()
}

pub(super) fn narrowing(exchange: &Exchange, roster: &Roster, typed: Typed<'_>) -> Form {
    let (lang, now, kind) = (exchange.lang(), exchange.now(), roster.house.kind);
    let is_taken = |role: Role, permission: Permission| {
        let mut known = roster.restrictions.iter().filter(|one| one.role == role && one.permission == permission);
        known.any(|one| one.standing(now) != Standing::Ended)
    };
    let choices = roles_in(kind).flat_map(|role| {
        rules::narrowable(kind, role).filter(move |one| !is_taken(role, *one)).map(move |permission| {
            let value = format!("{} {}", role.code(), permission.code());
            Choice::new(
                value,
                format!("{}: {}", lang.name_of("role", role.code()), super::show::name(permission, lang)),
            )
        })
    });
    let fields = vec![
        Field::select(RESTRICTED, lang.t("roles-restricted"), list(lang, choices)).wide(),
        Field::date(RESTRICTED_UNTIL, lang.t("roles-until")).hint(lang.t("roles-restricted-until-hint")).optional(),
        Field::textarea(RESTRICTION_REASON, lang.t("roles-reason")),
    ];
    form(exchange, "/staff/roles/restrictions", "roles-narrow", fields, typed)
}
