//! A case: what it is, what is asked, what happened. One page for every organisation; what each sees and
//! may do is decided before it gets here.

use askama::Template;
use askama_web::WebTemplate;

use crate::web::{
    chrome::Chrome,
    components::{
        ActionButton, Ageing, Check, ChecklistRow, ErrorSummary, Fact, Field, FieldGroup, FileCard, Form, FormToken,
        Message, StepperItem, Tag, TimelineItem,
    },
};

/// `GET /exports/{id}`, and the same with a form in error.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "exports/show.html", blocks = ["panel", "claim", "document", "timeline", "messages"])]
pub struct CasePage {
    /// The frame; its title is the reference.
    pub chrome: Chrome,
    /// The case's status.
    pub status: Tag,
    /// Where it stands, and with whom.
    pub stage: String,
    /// How long it has waited there, while it is open.
    pub age: Option<Ageing>,
    /// Where the viewer is in their queue: `3 of 12`; empty when the case is not in it.
    pub position: String,
    /// The case before it in the queue.
    pub previous: Option<String>,
    /// The case after it in the queue.
    pub next: Option<String>,
    /// Its way.
    pub steps: Vec<StepperItem>,
    /// Who works on it.
    pub claim: Option<ClaimBox>,
    /// What is asked of the viewer.
    pub panel: Option<DecisionPanel>,
    /// What the system has checked, red first.
    pub checks: Vec<Check>,
    /// What is known about it, in groups with a heading each.
    pub facts: Vec<(String, Vec<Fact>)>,
    /// Printed papers and other pages about it.
    pub links: Vec<Fact>,
    /// Its documents.
    pub files: Vec<FileCard>,
    /// Its checklist, where each document is judged by who asks for it.
    pub checklist: Vec<ChecklistRow>,
    /// What stands in place of documents, events and messages for who may not read them.
    pub outside: Option<String>,
    /// Where documents are attached; empty when the viewer may not.
    pub documents_href: String,
    /// The document shown beside.
    pub preview: Option<Preview>,
    /// What happened, newest first.
    pub events: Vec<TimelineItem>,
    /// What was said, oldest first.
    pub messages: Vec<Message>,
    /// To say something, for who may.
    pub message_form: Option<MessageForm>,
    /// To put the due date of the proceeds off, for who may.
    pub extend_form: Option<Form>,
    /// The pages on which the viewer may change the export now, each with what it is called.
    pub changes: Vec<(String, String)>,
    /// To cancel the whole, for who may.
    pub cancel_form: Option<Form>,
    /// Further acts of the viewer, each with a form of its own.
    pub acts: Vec<ActBox>,
    /// The stream that says that the case changed (`event: changed`).
    pub live: Option<String>,
    /// What says the same when it is asked, for lines on which streams do not last.
    pub news: String,
    /// This page, to be asked for again when the case changed.
    pub here: String,
}

/// `GET /exports/{id}/letter-of-credit`, and the same with a form in error.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "exports/letter.html")]
pub struct LetterPage {
    /// The frame.
    pub chrome: Chrome,
    /// The case.
    pub back: String,
    /// What a letter of credit is here.
    pub lead: String,
    /// Whether it covers the export.
    pub checks: Vec<Check>,
    /// What it says; empty when none is on record.
    pub facts: Vec<Fact>,
    /// What the form puts on record.
    pub form_title: String,
    /// The form, for who puts letters on record.
    pub form: Option<Form>,
    /// Where another letter takes the place of this one.
    pub another: Option<String>,
    /// The letter as issued and its amendments, newest first.
    pub versions: Vec<TimelineItem>,
}

/// An act beside the decision: suspend, revoke, verify.
#[derive(Debug, Clone)]
pub struct ActBox {
    /// Its element's id.
    pub id: String,
    /// What is done.
    pub title: String,
    /// What that means, in a sentence or two.
    pub lead: Vec<String>,
    /// What stands against it; the form is left out then.
    pub refusals: Vec<String>,
    /// The form.
    pub form: Form,
    /// Whether it stands open: it is what the case waits for, or it is in error.
    pub open: bool,
}

/// Who works on a case, and how that changes.
#[derive(Debug, Clone, Default)]
pub struct ClaimBox {
    /// Who has it, since when; or that nobody has.
    pub text: String,
    /// To take it, or to let it go.
    pub button: Option<ActionButton>,
    /// To give it to a colleague, for a supervisor.
    pub hand_over: Option<HandOver>,
}

/// The form that gives a case to a colleague.
#[derive(Debug, Clone)]
pub struct HandOver {
    /// Where it is sent.
    pub action: String,
    /// Its hidden fields.
    pub token: FormToken,
    /// The colleagues.
    pub field: Field,
}

/// The form of a step: its facts, the reason and up to three answers.
#[derive(Debug, Clone, Default)]
pub struct DecisionPanel {
    /// What is asked: `Approve foreign exchange`.
    pub title: String,
    /// What approving does, in a sentence or two.
    pub lead: Vec<String>,
    /// Where it is sent.
    pub action: String,
    /// Its hidden fields.
    pub token: FormToken,
    /// What is wrong with it.
    pub summary: ErrorSummary,
    /// What stands against approving. The button is disabled and these say why.
    pub refusals: Vec<String>,
    /// What a first officer put on record, where a second confirms it.
    pub recorded: Vec<Fact>,
    /// The facts of the step.
    pub groups: Vec<FieldGroup>,
    /// The reason, compulsory unless one approves.
    pub reason: Option<Field>,
    /// What the button to approve says.
    pub approve: Option<String>,
    /// What the button to send back says.
    pub send_back: Option<String>,
    /// What the button to reject says.
    pub reject: Option<String>,
}

impl DecisionPanel {
    /// Whether something stands against approving.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        !self.refusals.is_empty()
    }
}

/// The document shown beside the case.
#[derive(Debug, Clone)]
pub struct Preview {
    /// What document it is.
    pub title: String,
    /// How it is shown.
    pub kind: PreviewKind,
    /// Where its bytes are, for showing.
    pub src: String,
    /// Where it is downloaded.
    pub download: String,
}

/// How a document is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreviewKind {
    /// In a frame of its own.
    Pdf,
    /// As a picture.
    Image,
}

/// The form that writes a message on a case.
#[derive(Debug, Clone)]
pub struct MessageForm {
    /// Where it is sent.
    pub action: String,
    /// Its hidden fields.
    pub token: FormToken,
    /// The text.
    pub field: Field,
    /// What is wrong with it.
    pub summary: ErrorSummary,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        auth::{OrganizationKind, Role},
        i18n::Lang,
        web::{
            components::{ChecklistFile, Choice, FileState, Moment, StepState, Tone},
            samples,
        },
    };

    fn token() -> FormToken {
        FormToken { csrf: "t".into(), idempotency_key: "k".into(), version: Some("4".into()) }
    }

    fn case(lang: Lang) -> CasePage {
        let at = Moment::at(lang, chrono::DateTime::from_timestamp(1_795_160_000, 0).unwrap());
        let stages = [
            "BANK_CHECK",
            "FX",
            "QUALITY",
            "PERMIT",
            "SCHEDULING",
            "CLEARANCE",
            "LOADING",
            "ORIGIN_SIGNATURE",
            "ORIGIN",
            "SETTLEMENT",
        ];
        let steps = stages
            .iter()
            .enumerate()
            .map(|(n, code)| StepperItem {
                label: lang.name_of("stage", code),
                state: match n {
                    0 => StepState::Done,
                    1 => StepState::Current,
                    _ => StepState::Open,
                },
                note: Some(if n == 0 { "18 Nov".into() } else { lang.name_of("organization-kind", "ECTA") }),
            })
            .collect();
        let file = |label: &str, state, selected| FileCard {
            label: label.into(),
            reason: Some(lang.name_of("stage", "BANK_CHECK")),
            state,
            tags: vec![],
            file_name: (state == FileState::Present).then(|| "Commercial invoice HKK-2026-118 final signed.pdf".into()),
            details: vec!["212 KB".into(), "2 pp.".into()],
            sha256: None,
            view_href: (state == FileState::Present).then(|| "?document=1".into()),
            download_href: (state == FileState::Present).then(|| "/files/1".into()),
            remove_href: None,
            selected,
        };
        let event = |what: &str, tone, why: Option<&str>| TimelineItem {
            what: what.into(),
            who: "Hanna Girma".into(),
            organization: "Awash Valley Bank".into(),
            at: at.clone(),
            why: why.map(Into::into),
            tone,
        };
        CasePage {
            chrome: samples::chrome(
                OrganizationKind::NationalBank,
                Role::Supervisor,
                lang,
                "EXP-20261118-0007",
                "/exports/7",
            )
            .with_count("/inbox", 12)
            .wide(),
            status: Tag::new(lang.name_of("status", "PENDING"), Tone::Info),
            stage: lang.name_of("stage", "FX"),
            age: Some(Ageing {
                text: "2 days".into(),
                tone: Tone::Bad,
                title: "since 18 Nov 2026, due 19 Nov 2026".into(),
            }),
            position: lang.t_args("case-position", &[("at", 3.into()), ("all", 12.into())]),
            previous: Some("/exports/6".into()),
            next: Some("/exports/8".into()),
            steps,
            claim: Some(ClaimBox {
                text: lang.t("case-unclaimed"),
                button: Some(ActionButton {
                    action: "/exports/7/claim".into(),
                    token: token(),
                    says: None,
                    label: lang.t("inbox-claim"),
                    about: String::new(),
                }),
                hand_over: Some(HandOver {
                    action: "/exports/7/claim".into(),
                    token: token(),
                    field: Field::select("user_id", lang.t("case-hand-over-to"), vec![Choice::new("1", "Hanna Girma")]),
                }),
            }),
            panel: Some(DecisionPanel {
                title: lang.name_of("step", "fx"),
                lead: vec!["The amount is above USD 200,000: a second officer has to confirm.".into()],
                action: "/exports/7/approvals/fx".into(),
                token: token(),
                summary: ErrorSummary::default(),
                refusals: vec!["You have decided another step of this export (four eyes).".into()],
                recorded: Vec::new(),
                groups: vec![FieldGroup::plain(vec![
                    Field::number("etb_per_unit", "Birr for one US dollar", "ETB").value("132.4500"),
                    Field::text("conditions", "Conditions").optional(),
                ])],
                reason: Some(
                    Field::textarea("reason", lang.t("decide-reason-label")).hint(lang.t("decide-reason-hint")),
                ),
                approve: Some(lang.t("decide-approve")),
                send_back: Some(lang.t("decide-send-back")),
                reject: Some(lang.t("decide-reject")),
            }),
            checks: vec![
                Check { tone: Tone::Bad, text: "One document is missing: the packing list.".into(), href: None },
                Check { tone: Tone::Warn, text: "The export licence ends in 24 days.".into(), href: None },
                Check {
                    tone: Tone::Good,
                    text: "Contract SC-2026-00012 is approved, 19,200 kg left.".into(),
                    href: Some("#facts".into()),
                },
                Check { tone: Tone::Good, text: "Value agrees with contract and invoice.".into(), href: None },
            ],
            facts: vec![
                (
                    lang.t("case-facts-trade"),
                    vec![
                        Fact::new("Exporter", "Abay Coffee Export PLC").note("TIN 0000000001"),
                        Fact::new("Buyer", "Hanse Kaffee Kontor GmbH").note("Hamburg, Germany"),
                        Fact::new("Value", "USD 218,839.64").note("USc 517.00 / lb"),
                        Fact::new("Payment", "Letter of credit").note("FOB Djibouti"),
                    ],
                ),
                (
                    lang.t("case-facts-coffee"),
                    vec![
                        Fact::new("Coffee", "Yirgacheffe, washed, grade 1"),
                        Fact::new("Quantity", "19,200 kg").note("320 bags"),
                        Fact::new("Lot", "ECX-2026-0881").href("/lots/1"),
                    ],
                ),
            ],
            links: vec![Fact::new("Export permit", "EP-2026-00031").href("/permits/1")],
            files: vec![
                file("Sales contract", FileState::Present, false),
                file("Commercial invoice", FileState::Present, true),
                file("Packing list", FileState::Missing, false),
            ],
            checklist: vec![ChecklistRow {
                label: "Insurance policy".into(),
                stage: lang.name_of("stage", "CLEARANCE"),
                owner: lang.name_of("organization-kind", "CUSTOMS"),
                state: Tag::new(lang.t("documents-state-rejected"), Tone::Bad),
                note: Some("Hanna Girma, 18 Nov 2026: The sum insured is missing.".into()),
                file: Some(ChecklistFile {
                    name: "policy.pdf".into(),
                    view_href: Some("?document=2".into()),
                    ..ChecklistFile::default()
                }),
                links: vec![],
                buttons: vec![],
                selected: false,
            }],
            outside: None,
            documents_href: "/exports/7/documents".into(),
            preview: Some(Preview {
                title: "Commercial invoice".into(),
                kind: PreviewKind::Pdf,
                src: "/sign-in-en.html".into(),
                download: "/files/1".into(),
            }),
            events: vec![
                event("Documents checked", Tone::Good, None),
                event(
                    "Sent back to the exporter",
                    Tone::Bad,
                    Some("The invoice names another buyer than the contract."),
                ),
                event("Submitted", Tone::Info, None),
            ],
            messages: vec![Message {
                id: "1".into(),
                author: "Hanna Girma".into(),
                organization: "Awash Valley Bank".into(),
                at,
                paragraphs: vec!["The original of the letter of credit is at our branch.".into()],
                own: false,
            }],
            message_form: Some(MessageForm {
                action: "/exports/7/messages".into(),
                token: token(),
                field: Field::textarea("text", lang.t("case-message-label")),
                summary: ErrorSummary::default(),
            }),
            extend_form: Some(Form {
                action: "/exports/7/extension".into(),
                token: token(),
                groups: vec![FieldGroup::plain(vec![Field::date("new_due_date", lang.t("field-new-due-date"))])],
                submit: lang.t("case-extend-submit"),
                ..Form::default()
            }),
            changes: vec![("/exports/7/amendment".into(), lang.t("case-amend"))],
            cancel_form: Some(Form {
                action: "/exports/7/cancellation".into(),
                token: token(),
                groups: vec![FieldGroup::plain(vec![Field::textarea("reason", lang.t("decide-reason-label"))])],
                submit: lang.t("case-cancel-submit"),
                ..Form::default()
            }),
            acts: vec![ActBox {
                id: "act-suspend".into(),
                title: lang.t("review-act-suspend"),
                lead: vec![lang.t("review-lead-suspend")],
                refusals: Vec::new(),
                form: Form {
                    action: "/laboratories/7/decisions".into(),
                    token: token(),
                    groups: vec![FieldGroup::plain(vec![Field::textarea("reason", lang.t("decide-reason-label"))])],
                    submit: lang.t("review-act-suspend"),
                    ..Form::default()
                },
                open: false,
            }],
            live: Some("/exports/7/events".into()),
            news: "/exports/7/news?since=2026-11-20T06:00:00Z".into(),
            here: "/exports/7".into(),
        }
    }

    #[test]
    fn a_case_is_drawn_open_in_error_and_closed() {
        for &lang in Lang::ALL {
            let mut page = case(lang);
            let html = page.render().unwrap();
            samples::save(&format!("case-{}", lang.code()), &html);
            assert!(html.contains("value=\"approve\" disabled"), "what is refused cannot be pressed");
            assert!(html.contains("name=\"version\" value=\"4\""));

            let panel = page.panel.as_mut().unwrap();
            panel.refusals.clear();
            panel.groups[0].fields[0].error = Some("Enter the rate as a figure".into());
            panel.groups[0].fields[0].value = "132,45x".into();
            panel.summary = ErrorSummary::of(vec![], &panel.groups[0].fields);
            page.preview = Some(Preview {
                title: "Packing list".into(),
                kind: PreviewKind::Image,
                src: crate::web::assets::asset("icon.svg").into(),
                download: "/files/2".into(),
            });
            let html = page.render().unwrap();
            assert!(html.contains("href=\"#etb_per_unit\""));
            samples::save(&format!("case-error-{}", lang.code()), &html);
            let fragment = page.as_panel().render().unwrap();
            assert!(fragment.trim_start().starts_with("<section id=\"panel\"") && !fragment.contains("<html"));

            page.panel = None;
            page.claim = None;
            page.age = None;
            page.message_form = None;
            page.cancel_form = None;
            page.acts.clear();
            page.extend_form = None;
            page.changes.clear();
            page.preview = None;
            page.live = None;
            page.previous = None;
            page.next = None;
            page.position = String::new();
            page.documents_href = String::new();
            page.messages.clear();
            page.checks.clear();
            page.status = Tag::new(lang.name_of("status", "COMPLETED"), Tone::Good);
            samples::save(&format!("case-closed-{}", lang.code()), &page.render().unwrap());
        }
    }
}
