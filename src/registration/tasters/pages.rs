//! A taster on the pages.

use super::model::{Qualification, Taster};
use super::service::Tasters;
use crate::app::AppState;
use crate::i18n::Lang;
use crate::registration::applications::{Case, Grants, Shown};
use crate::review::Act;
use crate::web::components::{Choice, Field, FieldGroup};

impl Shown for Tasters {
    const FIELDS: &'static [&'static str] = &[
        "full_name",
        "date_of_birth",
        "national_id",
        "qualification_level",
        "proficiency_certificate_number",
        "certificate_issue_date",
        "certificate_expiry_date",
        "employment_start_date",
        "is_exclusive_employee",
    ];

    type Subject<'a> = Grants<'a, Self>;

    fn subject(state: &AppState) -> Grants<'_, Self> {
        Grants::new(&*state.papers)
    }

    fn fields((): &(), lang: Lang) -> Vec<FieldGroup> {
        let levels = std::iter::once(Choice::new("", lang.t("field-choose")))
            .chain(
                Qualification::ALL
                    .iter()
                    .map(|level| Choice::new(level.code(), lang.name_of("qualification", level.code()))),
            )
            .collect();
        vec![
            FieldGroup::titled(
                lang.t("taster-group-person"),
                vec![
                    Field::text("full_name", lang.t("taster-full-name")).wide(),
                    Field::date("date_of_birth", lang.t("taster-date-of-birth")),
                    Field::text("national_id", lang.t("taster-national-id")),
                    Field::select("qualification_level", lang.t("taster-qualification"), levels)
                        .hint(lang.t("taster-hint-qualification")),
                ],
            ),
            FieldGroup::titled(
                lang.t("taster-group-certificate"),
                vec![
                    Field::text("proficiency_certificate_number", lang.t("taster-certificate-number")),
                    Field::date("certificate_issue_date", lang.t("taster-issued-on")),
                    Field::date("certificate_expiry_date", lang.t("taster-expires-on")),
                ],
            ),
            FieldGroup::titled(
                lang.t("taster-group-employment"),
                vec![
                    Field::date("employment_start_date", lang.t("taster-employed-since")),
                    Field::checkbox("is_exclusive_employee", lang.t("taster-exclusive")),
                ],
            ),
        ]
    }

    fn decision_fields(_: &Case<Taster>, (): &(), _: &Act, _: Lang) -> Vec<FieldGroup> {
        Vec::new()
    }

    fn lead(_: &Case<Taster>, lang: Lang) -> Vec<String> {
        vec![lang.t("taster-lead-approve")]
    }
}
