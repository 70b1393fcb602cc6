//! Every component with sample data on one page, in both languages: `target/pages/style-guide-*.html`.

use askama::Template;

use super::*;
use crate::{
    auth::{OrganizationKind, Role},
    i18n::Lang,
    web::{chrome::Chrome, chrome::Flash, chrome::FlashKind, samples},
};

#[derive(Template)]
#[template(path = "components/style_guide.html")]
struct StyleGuide {
    chrome: Chrome,
    token: FormToken,
    fields: Vec<Field>,
    summary: ErrorSummary,
    tags: Vec<Tag>,
    ages: Vec<Ageing>,
    facts: Vec<Fact>,
    checks: Vec<Check>,
    tiles: Vec<Tile>,
    chart: BarChart,
    steps: Vec<StepperItem>,
    events: Vec<TimelineItem>,
    messages: Vec<Message>,
    files: Vec<FileCard>,
    paging: Paging,
    empty: EmptyState,
}

const TONES: [Tone; 5] = [Tone::Neutral, Tone::Info, Tone::Good, Tone::Warn, Tone::Bad];

fn guide(lang: Lang) -> StyleGuide {
    let at = Moment::at(lang, chrono::DateTime::from_timestamp(1_795_210_200, 0).unwrap());
    let fields = vec![
        Field::text("buyer", "Buyer").hint("As in the contract").value("Hanse Kaffee Kontor GmbH"),
        Field::number("quantity", "Quantity", "kg")
            .value("19,2x0")
            .error(Some("Enter the quantity as a figure".into())),
        Field::date("departure", "Departure").value("2026-12-04"),
        Field::select("port", "Port", vec![Choice::new("", "Choose"), Choice::new("DEHAM", "Hamburg")]).value("DEHAM"),
        Field::radios(
            "method",
            "Payment",
            vec![
                Choice::new("LC", "Letter of credit").hint("The bank pays against documents"),
                Choice::new("CAD", "Cash against documents"),
            ],
        )
        .error(Some("Choose how the buyer pays".into())),
        Field::checkbox("confirmed", "I have compared the documents"),
        Field::textarea("remarks", "Remarks").optional(),
        Field::file("file", "Document").hint("PDF, JPEG or PNG, at most 10 MB"),
        Field::password("password", "Password"),
    ];
    let steps = [StepState::Done, StepState::Done, StepState::Current, StepState::Failed, StepState::Open];
    let mut chrome = samples::chrome(OrganizationKind::Ecta, Role::Officer, lang, "Style guide", "/inbox");
    chrome.banner = Some("Saturday 02:00 to 04:00 EAT: maintenance.".into());
    chrome.read_only = true;
    chrome.flash = Some(Flash { kind: FlashKind::Success, text: "EXP-20261120-0007 approved.".into() });
    StyleGuide {
        chrome: chrome.with_count("/inbox", 12),
        token: FormToken { csrf: "c".into(), idempotency_key: "k".into(), version: Some("3".into()) },
        summary: ErrorSummary::of(vec!["The form as a whole is wrong".into()], &fields),
        fields,
        tags: TONES.map(|tone| Tag::new(format!("{tone:?}"), tone)).into(),
        ages: TONES.map(|tone| Ageing { text: "4 days".into(), tone, title: "since Monday".into() }).into(),
        facts: vec![
            Fact::new("Exporter", "Abay Coffee Export PLC").href("#facts").note("TIN 0000000001"),
            Fact::new("Quantity", "19,200 kg").note("320 bags"),
            Fact::new("Value", "USD 218,839.64"),
        ],
        checks: TONES.map(|tone| Check { tone, text: format!("{tone:?}: contract SC-2026-00012"), href: None }).into(),
        tiles: TONES
            .map(|tone| Tile {
                label: "Overdue".into(),
                value: "12".into(),
                note: Some("oldest 9 days".into()),
                href: Some("#tiles".into()),
                tone,
            })
            .into(),
        chart: BarChart {
            id: "by-stage".into(),
            title: "Open exports by stage".into(),
            label_heading: "Stage".into(),
            value_heading: "Exports".into(),
            bars: TONES
                .iter()
                .zip([12.0, 30.0, 7.0, 3.0, 18.0])
                .map(|(tone, value)| Bar {
                    label: format!("{tone:?}"),
                    value,
                    shown: value.to_string(),
                    href: None,
                    tone: *tone,
                })
                .collect(),
        },
        steps: steps
            .into_iter()
            .map(|state| StepperItem { label: "Bank check".into(), state, note: Some("12 Nov 2026".into()) })
            .collect(),
        events: [Tone::Info, Tone::Bad, Tone::Good]
            .into_iter()
            .map(|tone| TimelineItem {
                what: "Sent back to the exporter".into(),
                who: "Hanna Girma".into(),
                organization: "Awash Valley Bank".into(),
                at: at.clone(),
                why: Some("The invoice names another buyer than the contract.".into()),
                tone,
            })
            .collect(),
        messages: [true, false]
            .into_iter()
            .map(|own| Message {
                id: format!("{own}"),
                author: "Hanna Girma".into(),
                organization: "Awash Valley Bank".into(),
                at: at.clone(),
                paragraphs: vec!["Please send the signed invoice.".into(), "Thank you.".into()],
                own,
            })
            .collect(),
        files: [FileState::Missing, FileState::Present, FileState::Optional]
            .into_iter()
            .map(|state| FileCard {
                label: format!("{state:?} invoice"),
                reason: Some("for the bank check".into()),
                state,
                tags: vec![Tag::new("version 2", Tone::Neutral)],
                file_name: (state == FileState::Present).then(|| "invoice-final.pdf".into()),
                details: vec!["212 KB".into(), "2 pages".into()],
                sha256: (state == FileState::Present).then(|| "e3b0c44298fc1c149afbf4c8996fb924".repeat(2)),
                view_href: (state == FileState::Present).then(|| "#files".into()),
                download_href: (state == FileState::Present).then(|| "#files".into()),
                remove_href: (state == FileState::Present).then(|| "/x".into()),
                selected: state == FileState::Present,
            })
            .collect(),
        paging: Paging { newer: Some("?a".into()), older: Some("?b".into()), shown: "Rows 51 to 100".into() },
        empty: EmptyState {
            title: "Nothing waits for you".into(),
            text: "New cases appear here by themselves.".into(),
            action: Some(("#empty".into(), "See all exports".into())),
        },
    }
}

#[test]
fn every_component_can_be_drawn() {
    for lang in Lang::ALL {
        let html = guide(*lang).render().unwrap();
        assert!(!html.contains("style="), "no inline styles: the content security policy refuses them");
        samples::save(&format!("style-guide-{}", lang.code()), &html);
    }
}

#[test]
fn a_field_in_error_is_named_linked_and_keeps_what_was_typed() {
    let html = guide(Lang::EN).render().unwrap();
    for (field, error) in [("quantity", "Enter the quantity as a figure"), ("method-1", "Choose how the buyer pays")] {
        // The summary links to the field, names it and says what is wrong with it.
        let summary = html.split(&format!("href=\"#{field}\"")).nth(1).unwrap().split("</a>").next().unwrap();
        assert!(summary.ends_with(error) && summary.len() > error.len() + 1, "{summary}");
    }
    assert!(html.contains("value=\"19,2x0\""));
    assert!(html.contains("aria-describedby=\"buyer-hint\""));
    assert!(html.contains("aria-describedby=\"quantity-error\" aria-invalid=\"true\""));
    assert!(html.contains("<option value=\"DEHAM\" selected>"));
    assert!(html.contains("name=\"idempotency_key\" value=\"k\""));
}
