//! The documents of an export: checklist and upload.

use askama::Template;
use askama_web::WebTemplate;

use crate::web::{
    chrome::Chrome,
    components::{ChecklistRow, FileCard, Form},
};

/// `GET /exports/{id}/documents`.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "documents/list.html", blocks = ["content"])]
pub struct DocumentsPage {
    /// The frame.
    pub chrome: Chrome,
    /// The export's reference.
    pub reference: String,
    /// The case.
    pub case_href: String,
    /// Over the list: what is needed, or what has been handed in where nothing is asked for.
    pub heading: String,
    /// How many of those asked for are there: `7 of 9 are there`; empty where nothing is asked for.
    pub progress: String,
    /// What is asked for, each with its file, missing first.
    pub checklist: Vec<FileCard>,
    /// The same where each document is judged by who asks for it, with what the viewer may do.
    pub rows: Vec<ChecklistRow>,
    /// What was replaced or removed.
    pub earlier: Vec<FileCard>,
    /// What to know before one opens a file.
    pub notice: String,
    /// To attach one, for who may.
    pub upload: Option<Form>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        auth::{OrganizationKind, Role},
        i18n::Lang,
        web::{
            components::{Choice, ErrorSummary, Field, FieldGroup, FileLimit, FileState, Tag, Tone},
            samples,
        },
    };

    #[test]
    fn the_checklist_and_the_upload_are_drawn() {
        for &lang in Lang::ALL {
            let card = |label: &str, state| FileCard {
                label: label.into(),
                reason: Some(lang.name_of("stage", "BANK_CHECK")),
                state,
                tags: if state == FileState::Present { vec![Tag::new("2", Tone::Neutral)] } else { vec![] },
                file_name: (state == FileState::Present).then(|| "invoice.pdf".into()),
                details: vec!["212 KB".into(), "20 Nov 2026, 14:05 EAT".into()],
                sha256: (state == FileState::Present).then(|| "0123456789abcdef".repeat(4)),
                view_href: (state == FileState::Present).then(|| "/exports/7?document=1".into()),
                download_href: (state == FileState::Present).then(|| "/files/1".into()),
                remove_href: (state == FileState::Present).then(|| "/files/1/removal".into()),
                selected: false,
            };
            let file = Field::file("file", lang.t("documents-file"))
                .hint(lang.t_args("documents-file-hint", &[("size", "10 MB".into())]))
                .error(Some("This is no PDF, JPEG or PNG: its content says something else than its name.".into()));
            let page = DocumentsPage {
                chrome: samples::chrome(
                    OrganizationKind::Exporter,
                    Role::Clerk,
                    lang,
                    &lang.t_args("documents-title", &[("reference", "EXP-20261118-0007".into())]),
                    "/exports/7/documents",
                ),
                reference: "EXP-20261118-0007".into(),
                case_href: "/exports/7".into(),
                heading: lang.t("documents-checklist"),
                progress: lang.t_args("documents-progress", &[("there", 2.into()), ("all", 3.into())]),
                checklist: vec![
                    card("Packing list", FileState::Missing),
                    card("Commercial invoice", FileState::Present),
                    card("Fumigation certificate", FileState::Optional),
                ],
                rows: vec![ChecklistRow {
                    label: "Packing list".into(),
                    stage: lang.name_of("stage", "CLEARANCE"),
                    owner: lang.name_of("organization-kind", "CUSTOMS"),
                    state: Tag::new(lang.t("documents-missing"), Tone::Bad),
                    note: None,
                    file: None,
                    links: vec![("/exports/7/waivers/PACKING_LIST".into(), lang.t("documents-waive"))],
                    buttons: vec![],
                    selected: false,
                }],
                earlier: vec![card("Commercial invoice", FileState::Present)],
                notice: lang.t("documents-not-scanned"),
                upload: Some(Form {
                    action: "/exports/7/documents".into(),
                    summary: ErrorSummary::of(vec![], [&file]),
                    groups: vec![FieldGroup::plain(vec![
                        Field::select(
                            "document_type",
                            lang.t("documents-type"),
                            vec![Choice::new("INVOICE", "Commercial invoice")],
                        ),
                        Field::text("reference_number", lang.t("documents-number")).optional(),
                        file,
                    ])],
                    submit: lang.t("documents-upload-button"),
                    file_limit: Some(FileLimit {
                        max_bytes: 10 * 1024 * 1024,
                        too_large: lang.t_args("documents-too-large", &[("size", "10 MB".into())]),
                    }),
                    ..Form::default()
                }),
            };
            let html = page.render().unwrap();
            assert!(html.contains("enctype=\"multipart/form-data\"") && html.contains("data-max-bytes=\"10485760\""));
            samples::save(&format!("documents-{}", lang.code()), &html);
        }
    }
}
