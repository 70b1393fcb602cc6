//! Tests that the colours declared in `static/app.css` can be read: 4.5:1 for text, 3:1 for the marks
//! and edges of controls (WCAG 2.2, 1.4.3 and 1.4.11).

use std::collections::BTreeMap;

use super::chrome::theme_of;
use crate::auth::OrganizationKind;

const CSS: &str = include_str!("../../static/app.css");

/// The custom properties of the rule whose selector is `selector`, first one wins.
fn tokens(selector: &str) -> BTreeMap<&'static str, &'static str> {
    let (_, rest) = CSS.split_once(&format!("{selector} {{")).unwrap_or_else(|| panic!("no rule for {selector}"));
    let (body, _) = rest.split_once('}').unwrap();
    body.split(';').filter_map(|line| line.trim().strip_prefix("--")?.split_once(": ")).collect()
}

fn luminance(colour: &str) -> f64 {
    let hex = colour.strip_prefix('#').unwrap_or_else(|| panic!("{colour} is no colour"));
    assert_eq!(hex.len(), 6, "{colour}");
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn assert_readable(what: &str, text: &str, ground: &str, least: f64) {
    let ratio = contrast(text, ground);
    assert!(ratio >= least, "{what}: {text} on {ground} is {ratio:.2}:1, needs {least}:1");
}

#[test]
fn every_organisation_can_be_read() {
    let root = tokens(":root");
    let themes = OrganizationKind::ALL.iter().map(|kind| theme_of(*kind)).chain(["org-none"]);
    for theme in themes {
        let org = tokens(&format!(".{theme}"));
        assert_eq!(org.len(), 4, "{theme}");
        assert_readable(theme, org["org-on-accent"], org["org-accent"], 4.5);
        for ground in [org["org-tint"], root["surface"], root["page"]] {
            assert_readable(theme, org["org-link"], ground, 4.5);
            assert_readable(theme, root["text"], ground, 4.5);
            assert_readable(theme, org["org-accent"], ground, 3.0);
        }
    }
}

#[test]
fn neighbouring_organisations_differ() {
    let accents: Vec<_> =
        OrganizationKind::ALL.iter().map(|kind| tokens(&format!(".{}", theme_of(*kind)))["org-accent"]).collect();
    for (at, accent) in accents.iter().enumerate() {
        assert!(!accents[..at].contains(accent), "{accent} twice");
    }
}

#[test]
fn every_tone_can_be_read() {
    let root = tokens(":root");
    for tone in ["good", "warn", "bad", "info", "neutral"] {
        assert_readable(tone, root[tone], root[format!("{tone}-tint").as_str()], 4.5);
        assert_readable(tone, root[tone], root["surface"], 4.5);
        // White stands on the tone itself in marks and in the badge of what is late.
        assert_readable(tone, root["surface"], root[tone], 4.5);
    }
    for ground in ["surface", "page"] {
        assert_readable("muted text", root["muted"], root[ground], 4.5);
        assert_readable("edges of fields", root["edge"], root[ground], 3.0);
    }
    assert_readable("focus", root["text"], "#ffdd00", 3.0);
    assert_readable("demo bar", "#ffffff", "#8f1d18", 4.5);
}
