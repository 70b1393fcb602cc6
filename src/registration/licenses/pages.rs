//! An export licence on its pages. The authority grants what is asked for, or less, or more: its form has the same
//! boxes, ticked as they were asked.

use super::model::{License, LicenseOffer, Scope, field_of};
use super::service::Licenses;
use crate::app::AppState;
use crate::i18n::Lang;
use crate::registration::applications::{Case, Grants, Named, Shown};
use crate::review::{Act, Answer};
use crate::web::components::{Field, FieldGroup};

impl Shown for Licenses {
    const FIELDS: &'static [&'static str] = &["eic_registration_number", "coffee_*", "origin_*", "annual_quota"];

    const DECISION_FIELDS: &'static [&'static str] = &["coffee_*", "origin_*", "annual_quota"];

    type Subject<'a> = Grants<'a, Self>;

    fn subject(state: &AppState) -> Grants<'_, Self> {
        Grants::new(&*state.papers)
    }

    fn fields(offer: &LicenseOffer, lang: Lang) -> Vec<FieldGroup> {
        let mut groups = vec![FieldGroup::titled(
            lang.t("license-group-registration"),
            vec![
                Field::text("eic_registration_number", lang.t("license-eic-number"))
                    .hint(lang.t("license-hint-eic-number")),
            ],
        )];
        groups.extend(scope_groups(offer, lang));
        groups
    }

    fn decision_fields(case: &Case<License>, offer: &LicenseOffer, act: &Act, lang: Lang) -> Vec<FieldGroup> {
        if act.answer != Answer::Approve {
            return Vec::new();
        }
        let asked: &Scope = &case.answers.scope;
        let values = asked.values();
        let mut groups = scope_groups(offer, lang);
        for field in groups.iter_mut().flat_map(|group| &mut group.fields) {
            field.value = values.get(&field.name).cloned().unwrap_or_default();
        }
        groups
    }

    fn lead(_: &Case<License>, lang: Lang) -> Vec<String> {
        vec![lang.t("license-lead-approve")]
    }
}

fn scope_groups(offer: &LicenseOffer, lang: Lang) -> Vec<FieldGroup> {
    let boxes = |prefix: &str, list: &[Named]| -> Vec<Field> {
        list.iter().map(|named| Field::checkbox(field_of(prefix, &named.code), named.name(lang))).collect()
    };
    vec![
        FieldGroup::titled(lang.t("license-coffee"), boxes("coffee", &offer.coffee_types)),
        FieldGroup {
            hint: Some(lang.t("license-hint-origins")),
            unticked: Some(lang.t("license-all-origins")),
            ..FieldGroup::titled(lang.t("license-origins"), boxes("origin", &offer.regions))
        },
        FieldGroup::plain(vec![
            Field::number("annual_quota", lang.t("license-quota"), "kg").optional().hint(lang.t("license-hint-quota")),
        ]),
    ]
}
