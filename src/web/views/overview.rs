//! The overview of an organisation, and the help page.

use askama::Template;
use askama_web::WebTemplate;

use crate::web::{
    chrome::Chrome,
    components::{BarChart, Fact, Tile},
};

/// `GET /dashboard`: what waits, how old, what is due, by state.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "portals/dashboard.html")]
pub struct DashboardPage {
    /// The frame.
    pub chrome: Chrome,
    /// As of when the figures are, when they are not of this moment.
    pub as_of: Option<String>,
    /// The figures.
    pub tiles: Vec<Tile>,
    /// The charts.
    pub charts: Vec<BarChart>,
    /// Short lists: the oldest cases, what is due, what expires.
    pub lists: Vec<DashboardList>,
}

/// A short list of the overview.
#[derive(Debug, Clone)]
pub struct DashboardList {
    /// What it lists.
    pub title: String,
    /// Its lines: a reference as label, what about it as value and note.
    pub lines: Vec<Fact>,
    /// What stands there when it is empty.
    pub empty: String,
    /// The whole list and how that reads.
    pub more: Option<(String, String)>,
}

/// `GET /help`.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "portals/help.html")]
pub struct HelpPage {
    /// The frame.
    pub chrome: Chrome,
    /// Whom to ask.
    pub contacts: Vec<Contact>,
    /// Whether the viewer uses shortcuts, and where that is changed.
    pub shortcuts: Option<ShortcutChoice>,
}

/// Whom to ask in one organisation.
#[derive(Debug, Clone)]
pub struct Contact {
    /// The class that carries its colours.
    pub theme: &'static str,
    /// Its name.
    pub organization: String,
    /// Its address for mail.
    pub email: Option<String>,
    /// Its telephone.
    pub phone: Option<String>,
    /// Where it is.
    pub address: Option<String>,
}

/// The off-switch of the shortcuts.
#[derive(Debug, Clone)]
pub struct ShortcutChoice {
    /// Where it is sent.
    pub action: String,
    /// Whether they are on.
    pub enabled: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        auth::{OrganizationKind, Role},
        i18n::Lang,
        web::{
            chrome::theme_of,
            components::{Bar, Tone},
            samples,
        },
    };

    #[test]
    fn the_overview_and_the_help_are_drawn() {
        for &lang in Lang::ALL {
            let tile = |label: &str, value: &str, tone| Tile {
                label: lang.t(label),
                value: value.into(),
                note: Some("oldest: 9 days".into()),
                href: Some("/inbox".into()),
                tone,
            };
            let stages = ["BANK_CHECK", "FX", "QUALITY", "PERMIT", "SCHEDULING", "CLEARANCE", "SETTLEMENT"];
            let chart = |id: &str, title: &str| BarChart {
                id: id.into(),
                title: title.into(),
                label_heading: lang.t("exports-stage"),
                value_heading: lang.t("nav-exports"),
                bars: stages
                    .iter()
                    .zip([31.0, 43.0, 22.0, 12.0, 17.0, 9.0, 58.0])
                    .map(|(stage, value)| Bar {
                        label: lang.name_of("stage", stage),
                        value,
                        shown: value.to_string(),
                        href: Some("/exports".into()),
                        tone: Tone::Info,
                    })
                    .collect(),
            };
            let list = |empty: bool| DashboardList {
                title: lang.t("dashboard-oldest"),
                lines: if empty {
                    vec![]
                } else {
                    (1..6)
                        .map(|n| {
                            Fact::new(format!("EXP-20261109-{n:04}"), "Abay Coffee Export PLC")
                                .note("9 days")
                                .href("/exports/1")
                        })
                        .collect()
                },
                empty: lang.t("dashboard-none"),
                more: Some(("/inbox".into(), lang.t("nav-inbox"))),
            };
            let page = DashboardPage {
                chrome: samples::chrome(
                    OrganizationKind::Customs,
                    Role::Supervisor,
                    lang,
                    &lang.t("nav-dashboard"),
                    "/dashboard",
                )
                .wide(),
                as_of: None,
                tiles: vec![
                    tile("inbox-overdue", "8", Tone::Bad),
                    tile("inbox-due-today", "5", Tone::Warn),
                    tile("inbox-later", "30", Tone::Info),
                    tile("inbox-mine", "4", Tone::Info),
                ],
                charts: vec![chart("by-stage", "Open exports by stage"), chart("by-age", "Days waited")],
                lists: vec![list(false), list(true)],
            };
            samples::save(&format!("dashboard-{}", lang.code()), &page.render().unwrap());

            let contacts = OrganizationKind::ALL
                .iter()
                .map(|kind| Contact {
                    theme: theme_of(*kind),
                    organization: lang.name_of("organization-kind", kind.code()),
                    email: Some("desk@example.et".into()),
                    phone: Some("+251 911 000 001".into()),
                    address: None,
                })
                .collect();
            let page = HelpPage {
                chrome: samples::chrome(
                    OrganizationKind::ShippingLine,
                    Role::Officer,
                    lang,
                    &lang.t("nav-help"),
                    "/help",
                ),
                contacts,
                shortcuts: Some(ShortcutChoice { action: "/help/shortcuts".into(), enabled: true }),
            };
            samples::save(&format!("help-{}", lang.code()), &page.render().unwrap());
        }
    }
}
