//! A laboratory on its pages.

use super::model::{EQUIPMENT, Laboratory};
use super::service::Laboratories;
use crate::app::AppState;
use crate::i18n::Lang;
use crate::registration::applications::{Case, Grants, Shown};
use crate::review::{Act, Answer};
use crate::web::components::{Fact, Field, FieldGroup, Moment};

impl Shown for Laboratories {
    const FIELDS: &'static [&'static str] = &[
        "laboratory_name",
        "address",
        "has_roasting_facility",
        "has_cupping_room",
        "has_sample_storage",
        "equipment_*",
    ];

    const DECISION_FIELDS: &'static [&'static str] = &["last_inspection_date"];

    type Subject<'a> = Grants<'a, Self>;

    fn subject(state: &AppState) -> Grants<'_, Self> {
        Grants::new(&*state.papers)
    }

    fn fields((): &(), lang: Lang) -> Vec<FieldGroup> {
        let facilities = [
            ("has_roasting_facility", "laboratory-has-roasting-facility"),
            ("has_cupping_room", "laboratory-has-cupping-room"),
            ("has_sample_storage", "laboratory-has-sample-storage"),
        ]
        .map(|(name, label)| Field::checkbox(name, lang.t(label)));
        let equipment =
            EQUIPMENT.map(|(code, _)| Field::checkbox(format!("equipment_{code}"), lang.name_of("equipment", code)));
        vec![
            FieldGroup::titled(
                lang.t("laboratory-group-place"),
                vec![
                    Field::text("laboratory_name", lang.t("laboratory-name")).wide(),
                    Field::text("address", lang.t("laboratory-address")).wide(),
                ],
            ),
            FieldGroup {
                hint: Some(lang.t("laboratory-facilities-hint")),
                ..FieldGroup::titled(lang.t("laboratory-group-facilities"), facilities.into())
            },
            FieldGroup::titled(lang.t("laboratory-group-equipment"), equipment.into()),
        ]
    }

    fn decision_fields(_: &Case<Laboratory>, (): &(), act: &Act, lang: Lang) -> Vec<FieldGroup> {
        if act.answer == Answer::Approve {
            vec![FieldGroup::plain(vec![Field::date("last_inspection_date", lang.t("laboratory-inspected-on"))])]
        } else {
            Vec::new()
        }
    }

    fn lead(_: &Case<Laboratory>, lang: Lang) -> Vec<String> {
        vec![lang.t("laboratory-lead-approve")]
    }

    fn more_facts(case: &Case<Laboratory>, lang: Lang) -> Vec<(String, Vec<Fact>)> {
        let inspected = case.answers.inspected_on.map(|day| {
            (
                lang.t("laboratory-group-inspection"),
                vec![Fact::new(lang.t("laboratory-inspected-on"), Moment::day(lang, day).text)],
            )
        });
        inspected.into_iter().collect()
    }
}
