//! Applications in words: how long one has waited, until when it is good, what was answered.

use chrono::{DateTime, NaiveDate, Utc};

use crate::calendar::{Expiry, eat_date, working_days_between};
use crate::exports::catalog::Catalog;
use crate::i18n::Lang;
use crate::registration::applications::model::Registered;
use crate::review::{Workflow, state_tag};
use crate::web::components::{Ageing, Fact, FieldGroup, FieldKind, Moment, Tag, Tone};
use crate::workflow::ageing::Age;

/// How long it has waited for the desk, where it does.
pub(in crate::registration) fn age_of(
    found: &Registered,
    workflow: &Workflow,
    now: DateTime<Utc>,
    catalog: &Catalog,
    lang: Lang,
) -> Option<Ageing> {
    let limit = workflow.limit_in(&found.standing.state)?;
    let days = working_days_between(found.state_since, now, &catalog.holidays);
    let tone = match limit.age(days) {
        Age::Fresh => Tone::Neutral,
        Age::Due => Tone::Warn,
        Age::Late => Tone::Bad,
    };
    let text = if days == 0 && eat_date(found.state_since) == eat_date(now) {
        lang.t("age-today")
    } else {
        lang.t_args("age-days", &[("days", days.into())])
    };
    let title = lang.t_args(
        "age-since",
        &[
            ("since", Moment::at(lang, found.state_since).text.into()),
            ("warn", limit.warn_days.into()),
            ("late", limit.late_days.into()),
        ],
    );
    Some(Ageing { text, tone, title })
}

/// Its state as a tag: by its date, whether the nightly job has run or not; and what has been renewed says so.
pub(in crate::registration) fn state_of(found: &Registered, workflow: &Workflow, today: NaiveDate, lang: Lang) -> Tag {
    if found.is_superseded {
        return Tag::new(lang.t("registration-superseded"), Tone::Neutral);
    }
    let is_over = found.expires_on.is_some_and(|last| last < today) && found.standing.state == "ACTIVE";
    state_tag(workflow.states, if is_over { "EXPIRED" } else { &found.standing.state }, lang)
}

/// Until when it is good, coloured by how near that is.
pub(in crate::registration) fn expiry_note(found: &Registered, today: NaiveDate, lang: Lang) -> Option<Tag> {
    let last = found.expires_on.filter(|_| found.standing.state == "ACTIVE" && !found.is_superseded)?;
    let tone = match Expiry::of(last, today) {
        Expiry::Far => Tone::Neutral,
        Expiry::Due => Tone::Warn,
        Expiry::Soon | Expiry::Expired => Tone::Bad,
    };
    Some(Tag::new(lang.fill("registration-until", [("date", Moment::legal_day(lang, last).text)]), tone))
}

/// The answers of a form as facts, group by group: what the fields ask, and what they have in them.
pub(super) fn answers(groups: Vec<FieldGroup>, lang: Lang) -> Vec<(String, Vec<Fact>)> {
    groups
        .into_iter()
        .filter_map(|group| {
            // A list of boxes is one answer: those that are ticked.
            if group.fields.iter().all(|field| matches!(field.kind, FieldKind::Checkbox)) {
                let ticked = group.fields.iter().filter(|field| field.value == "yes");
                let ticked: Vec<&str> = ticked.map(|field| field.label.as_str()).collect();
                let none = group.unticked.unwrap_or_else(|| lang.t("registration-none"));
                let shown = if ticked.is_empty() { none } else { lang.list(ticked) };
                return Some((String::new(), vec![Fact::new(group.legend, shown)]));
            }
            let facts: Vec<Fact> = group
                .fields
                .into_iter()
                .filter_map(|field| {
                    let value = match &field.kind {
                        FieldKind::Select(choices) | FieldKind::Radios(choices) => choices
                            .iter()
                            .find(|choice| !choice.value.is_empty() && choice.value == field.value)
                            .map_or_else(|| field.value.clone(), |choice| choice.label.clone()),
                        FieldKind::Checkbox if field.value == "yes" => lang.t("registration-yes"),
                        FieldKind::Checkbox => lang.t("registration-no"),
                        FieldKind::Date => match field.value.parse::<NaiveDate>() {
                            Ok(day) => Moment::legal_day(lang, day).text,
                            Err(_) => field.value.clone(),
                        },
                        FieldKind::Number { unit } if !unit.is_empty() && !field.value.is_empty() => {
                            let shown = crate::quantities::parse_decimal(&field.value)
                                .map_or_else(|_| field.value.clone(), crate::quantities::grouped);
                            format!("{shown} {unit}")
                        }
                        FieldKind::Text { .. }
                        | FieldKind::Number { .. }
                        | FieldKind::TextArea { .. }
                        | FieldKind::Password { .. }
                        | FieldKind::Code { .. }
                        | FieldKind::NewPasskey { .. }
                        | FieldKind::File { .. } => field.value.clone(),
                    };
                    (!value.is_empty()).then(|| Fact::new(field.label, value))
                })
                .collect();
            (!facts.is_empty()).then_some((group.legend, facts))
        })
        .collect()
}
