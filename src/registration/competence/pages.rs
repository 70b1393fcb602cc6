//! A certificate of competence on its pages.

use super::model::{Application, CompetenceOffer};
use super::service::Competence;
use crate::app::AppState;
use crate::i18n::Lang;
use crate::registration::applications::{Case, Grants, Named, Shown};
use crate::review::{Act, Answer};
use crate::web::components::{Choice, Fact, Field, FieldGroup, Moment};

impl Shown for Competence {
    const FIELDS: &'static [&'static str] =
        &["laboratory_id", "taster_id", "storage_capacity", "storage_conditions", "has_quality_management_system"];

    const DECISION_FIELDS: &'static [&'static str] = &["facility_inspection_date", "inspection_passed"];

    type Subject<'a> = Grants<'a, Self>;

    fn subject(state: &AppState) -> Grants<'_, Self> {
        Grants::new(&*state.papers)
    }

    fn fields(offer: &CompetenceOffer, lang: Lang) -> Vec<FieldGroup> {
        let choices = |list: &[Named]| {
            std::iter::once(Choice::new("", lang.t("field-choose")))
                .chain(list.iter().map(|named| Choice::new(named.code.clone(), named.name(lang))))
                .collect()
        };
        let mut groups = Vec::new();
        if !offer.is_farmer {
            groups.push(FieldGroup::titled(
                lang.t("competence-group-people"),
                vec![
                    Field::select("laboratory_id", lang.t("competence-laboratory"), choices(&offer.laboratories))
                        .wide(),
                    Field::select("taster_id", lang.t("competence-taster"), choices(&offer.tasters)).wide(),
                ],
            ));
        }
        groups.push(FieldGroup::titled(
            lang.t("competence-group-facility"),
            vec![
                Field::number("storage_capacity", lang.t("competence-storage"), "kg"),
                Field::textarea("storage_conditions", lang.t("competence-conditions")),
                Field::checkbox("has_quality_management_system", lang.t("competence-qms")),
            ],
        ));
        groups
    }

    fn decision_fields(_: &Case<Application>, _: &CompetenceOffer, act: &Act, lang: Lang) -> Vec<FieldGroup> {
        if act.answer == Answer::Approve {
            vec![FieldGroup::plain(vec![
                Field::date("facility_inspection_date", lang.t("competence-inspected-on")),
                Field::checkbox("inspection_passed", lang.t("competence-passed")),
            ])]
        } else {
            Vec::new()
        }
    }

    fn lead(_: &Case<Application>, lang: Lang) -> Vec<String> {
        vec![lang.t("competence-lead-approve")]
    }

    fn more_facts(case: &Case<Application>, lang: Lang) -> Vec<(String, Vec<Fact>)> {
        let inspected = case.answers.inspected_on.map(|day| {
            let fact = Fact::new(lang.t("competence-inspected-on"), Moment::day(lang, day).text);
            (lang.t("competence-group-inspection"), vec![fact])
        });
        inspected.into_iter().collect()
    }
}
