//! Lists: the inbox, the exports; and a page with one form.

use askama::Template;
use askama_web::WebTemplate;

use crate::web::{
    chrome::Chrome,
    components::{ActionButton, Ageing, EmptyState, Fact, Field, Form, Moment, Paging, Tag},
};

/// `GET /inbox`: what waits for the viewer's organisation, oldest first.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "workflow/inbox.html", blocks = ["queue"])]
pub struct InboxPage {
    /// The frame.
    pub chrome: Chrome,
    /// Overdue, due today, later, mine, unassigned, each with its count.
    pub buckets: Vec<Bucket>,
    /// What the list can be narrowed by.
    pub filters: Vec<Field>,
    /// The inbox without filters, when there are some.
    pub clear: Option<String>,
    /// The rows of this page.
    pub rows: Vec<InboxRow>,
    /// Its neighbours.
    pub paging: Paging,
    /// What is filtered, as CSV.
    pub csv: String,
    /// What stands there when there are no rows.
    pub empty: EmptyState,
    /// The stream that says that the queue changed (`event: changed`).
    pub live: Option<String>,
    /// This page, to be asked for again when the queue changed.
    pub here: String,
}

/// A part of the inbox.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Where it is.
    pub href: String,
    /// Its name.
    pub label: String,
    /// How many are in it.
    pub count: i64,
    /// Whether it is shown now.
    pub current: bool,
    /// Whether its count is bad news.
    pub urgent: bool,
}

/// One case that waits.
#[derive(Debug, Clone)]
pub struct InboxRow {
    /// The case.
    pub href: String,
    /// Its reference.
    pub reference: String,
    /// What is asked of the organisation.
    pub step: String,
    /// Whose coffee it is.
    pub exporter: String,
    /// What coffee, with its grade.
    pub coffee: String,
    /// How much of it.
    pub quantity: String,
    /// Where it goes.
    pub destination: String,
    /// What it is worth.
    pub value: String,
    /// How many of the documents are there: `7 / 9`.
    pub documents: Tag,
    /// How long it has waited.
    pub age: Ageing,
    /// What else to know: `resubmitted twice`, `second officer`.
    pub flags: Vec<Tag>,
    /// Who has it.
    pub claimed_by: Option<String>,
    /// To take it or to let it go.
    pub claim: Option<ActionButton>,
}

/// `GET /exports`: every export that the viewer may see, newest first.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "exports/list.html", blocks = ["list"])]
pub struct ExportsPage {
    /// The frame.
    pub chrome: Chrome,
    /// What the list can be narrowed by.
    pub filters: Vec<Field>,
    /// The list without filters, when there are some.
    pub clear: Option<String>,
    /// The rows of this page.
    pub rows: Vec<ExportRow>,
    /// Its neighbours.
    pub paging: Paging,
    /// What is filtered, as CSV.
    pub csv: String,
    /// Where a new request is made, for who may.
    pub new_href: Option<String>,
    /// What stands there when there are no rows.
    pub empty: EmptyState,
}

/// One export of the list.
#[derive(Debug, Clone)]
pub struct ExportRow {
    /// The case.
    pub href: String,
    /// Its reference.
    pub reference: String,
    /// Whose coffee it is.
    pub exporter: String,
    /// What coffee, with its grade.
    pub coffee: String,
    /// How much of it.
    pub quantity: String,
    /// Where it goes.
    pub destination: String,
    /// What it is worth.
    pub value: String,
    /// Its status.
    pub status: Tag,
    /// Where it stands, and with whom.
    pub stage: String,
    /// When it was requested.
    pub requested: Moment,
}

/// What was answered, to be checked once more before it is handed in.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "components/answers_page.html")]
pub struct AnswersPage {
    /// The frame.
    pub chrome: Chrome,
    /// What happens next.
    pub lead: Vec<String>,
    /// The answers, in groups with a heading each.
    pub groups: Vec<(String, Vec<Fact>)>,
    /// Where they are changed.
    pub change_href: String,
    /// The form that hands them in.
    pub form: Form,
}

/// A page with one form: a new request, an account, an announcement.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "components/form_page.html", blocks = ["content"])]
pub struct FormPage {
    /// The frame.
    pub chrome: Chrome,
    /// What the form is for.
    pub lead: Vec<String>,
    /// What to know while filling it in: balances, limits.
    pub facts: Vec<Fact>,
    /// The form.
    pub form: Form,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        auth::{OrganizationKind, Role},
        i18n::Lang,
        web::{
            components::{Choice, ErrorSummary, FieldGroup, FormToken, Tone},
            samples,
        },
    };

    const LOTS: [(&str, &str, &str, &str, &str); 5] = [
        ("Abay Coffee Export PLC", "Yirgacheffe G1 washed", "19,200", "Germany", "USD 218,839.64"),
        ("Gedeo Highland Union", "Sidama G2 washed", "19,200", "United States", "USD 184,341.71"),
        ("Selam Trading", "Guji G1 natural", "9,600", "Japan", "USD 114,234.74"),
        ("Kaffa Forest Farm", "Kaffa forest G3 natural", "9,000", "Belgium", "USD 71,082.53"),
        ("Nile Arabica S.C.", "Jimma G5 natural", "38,400", "Saudi Arabia", "USD 215,030.08"),
    ];

    fn inbox(lang: Lang) -> InboxPage {
        let ages = [
            ("9 days", Tone::Bad),
            ("4 days", Tone::Bad),
            ("due today", Tone::Warn),
            ("1 day", Tone::Neutral),
            ("3 hours", Tone::Neutral),
        ];
        let row = |n: usize| {
            let (exporter, coffee, quantity, destination, value) = LOTS[n % 5];
            let (text, tone) = ages[(n / 5).min(4)];
            let reference = format!("EXP-20261120-{n:04}");
            InboxRow {
                href: format!("/exports/{n}"),
                step: lang.name_of("step", "fx"),
                exporter: exporter.into(),
                coffee: coffee.into(),
                quantity: format!("{quantity} kg"),
                destination: destination.into(),
                value: value.into(),
                documents: if n.is_multiple_of(3) {
                    Tag::new("7 / 9", Tone::Warn)
                } else {
                    Tag::new("9 / 9", Tone::Good)
                },
                age: Ageing { text: text.into(), tone, title: "since 11 Nov 2026, due 13 Nov 2026".into() },
                flags: if n.is_multiple_of(4) { vec![Tag::new("resubmitted", Tone::Info)] } else { vec![] },
                claimed_by: (n % 6 == 1).then(|| "Hanna Girma".into()),
                claim: (n % 6 != 1).then(|| ActionButton {
                    action: format!("/exports/{n}/claim"),
                    token: FormToken { csrf: "t".into(), idempotency_key: format!("k{n}"), version: Some("1".into()) },
                    says: None,
                    label: lang.t("inbox-claim"),
                    about: reference.clone(),
                }),
                reference,
            }
        };
        let bucket = |label: &str, count, current| Bucket {
            href: format!("/inbox?bucket={label}"),
            label: lang.t(label),
            count,
            current,
            urgent: label == "inbox-overdue",
        };
        InboxPage {
            chrome: samples::chrome(
                OrganizationKind::NationalBank,
                Role::Officer,
                lang,
                &lang.t("inbox-title"),
                "/inbox?bucket=all",
            )
            .with_count("/inbox", 43)
            .wide(),
            buckets: vec![
                bucket("inbox-all", 43, true),
                bucket("inbox-overdue", 8, false),
                bucket("inbox-due-today", 5, false),
                bucket("inbox-later", 30, false),
                bucket("inbox-mine", 4, false),
                bucket("inbox-unassigned", 36, false),
            ],
            filters: vec![
                Field::text("q", lang.t("exports-search")),
                Field::select(
                    "destination",
                    lang.t("exports-destination"),
                    vec![Choice::new("", lang.t("common-any"))],
                ),
            ],
            clear: Some("/inbox".into()),
            rows: (0..25).map(row).collect(),
            paging: Paging { newer: None, older: Some("/inbox?after=x".into()), shown: "1–25 / 43".into() },
            csv: "/inbox?format=csv".into(),
            empty: EmptyState { title: lang.t("inbox-empty-title"), text: lang.t("inbox-empty-text"), action: None },
            live: Some("/inbox/events".into()),
            here: "/inbox?bucket=all".into(),
        }
    }

    #[test]
    fn the_inbox_is_drawn_full_and_empty() {
        for &lang in Lang::ALL {
            let mut page = inbox(lang);
            let html = page.render().unwrap();
            samples::save(&format!("inbox-{}", lang.code()), &html);
            let fragment = page.as_queue().render().unwrap();
            assert!(fragment.trim_start().starts_with("<div id=\"queue\"") && !fragment.contains("<html"));
            page.rows.clear();
            samples::save(&format!("inbox-empty-{}", lang.code()), &page.render().unwrap());
        }
    }

    #[test]
    fn a_first_visit_to_the_inbox_stays_light() {
        use std::io::Write;
        let html = inbox(Lang::EN).render().unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
        gzip.write_all(html.as_bytes()).unwrap();
        let page = gzip.finish().unwrap().len();
        let asset = |name| crate::web::assets::find(name).unwrap().gzip.as_ref().map_or(0, bytes::Bytes::len);
        let total = page + asset("app.css") + asset("app.js");
        println!("page {page} of {}, all {total}", html.len());
        assert!(page <= 4_000, "the page alone: {page}");
        assert!(total <= 30_000, "the page with style and script: {total}");
    }

    #[test]
    fn exports_and_a_form_are_drawn() {
        for &lang in Lang::ALL {
            let row = |n: usize| {
                let (exporter, coffee, quantity, destination, value) = LOTS[n % 5];
                ExportRow {
                    href: format!("/exports/{n}"),
                    reference: format!("EXP-20261120-{n:04}"),
                    exporter: exporter.into(),
                    coffee: coffee.into(),
                    quantity: format!("{quantity} kg"),
                    destination: destination.into(),
                    value: value.into(),
                    status: Tag::new(lang.name_of("status", "FX_APPROVED"), Tone::Info),
                    stage: lang.name_of("stage", "QUALITY"),
                    requested: Moment { iso: "2026-11-20".into(), text: "20 Nov 2026".into() },
                }
            };
            let chrome = |title: &str, path: &str| {
                samples::chrome(OrganizationKind::Exporter, Role::Clerk, lang, title, path).wide()
            };
            let page = ExportsPage {
                chrome: chrome(&lang.t("exports-title"), "/exports"),
                filters: vec![Field::text("q", lang.t("exports-search"))],
                clear: None,
                rows: (0..12).map(row).collect(),
                paging: Paging {
                    newer: Some("/exports".into()),
                    older: Some("/exports?after=x".into()),
                    shown: String::new(),
                },
                csv: "/exports?format=csv".into(),
                new_href: Some("/exports/new".into()),
                empty: EmptyState {
                    title: lang.t("exports-empty-title"),
                    text: lang.t("exports-empty-text"),
                    action: None,
                },
            };
            samples::save(&format!("exports-{}", lang.code()), &page.render().unwrap());

            let groups = vec![
                FieldGroup::titled(
                    "Coffee",
                    vec![
                        Field::select(
                            "contract",
                            "Sales contract",
                            vec![Choice::new("1", "SC-2026-00012 · Hanse Kaffee Kontor GmbH · 38,400 kg left")],
                        )
                        .wide(),
                        Field::select(
                            "lot",
                            "Lot",
                            vec![Choice::new("1", "ECX-2026-0881 · Yirgacheffe G1 · 19,200 kg free")],
                        )
                        .wide(),
                        Field::number("quantity", "Quantity", "kg")
                            .value("25,000")
                            .error(Some("The lot has 19,200 kg left".into())),
                    ],
                ),
                FieldGroup::titled(
                    "Way",
                    vec![
                        Field::select("incoterm", "Incoterm", vec![Choice::new("FOB", "FOB Djibouti")]),
                        Field::textarea("notify_address", "Notify address").optional(),
                    ],
                ),
                FieldGroup::titled("More", vec![Field::text("exporter_reference", "Your reference").optional()])
                    .folded(),
            ];
            let form = Form {
                action: "/exports".into(),
                summary: ErrorSummary::of(vec![], groups.iter().flat_map(|g| &g.fields)),
                groups,
                submit: lang.t("exports-new-submit"),
                cancel: Some("/exports".into()),
                ..Form::default()
            };
            let page = FormPage {
                chrome: samples::chrome(
                    OrganizationKind::Exporter,
                    Role::Clerk,
                    lang,
                    &lang.t("exports-new-title"),
                    "/exports/new",
                ),
                lead: vec![lang.t("exports-new-lead")],
                facts: vec![Fact::new("Quota left", "120,000 kg").note("licence LIC-2026-00004")],
                form,
            };
            samples::save(&format!("export-new-{}", lang.code()), &page.render().unwrap());
        }
    }
}
