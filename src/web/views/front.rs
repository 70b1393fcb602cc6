//! The front door: landing page and guided tour.

use askama::Template;
use askama_web::WebTemplate;

use crate::web::{chrome::Chrome, components::StepperItem};

/// `GET /`: what this is, and in a demonstration one card a person to sign in as.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "portals/landing.html")]
pub struct LandingPage {
    /// The frame.
    pub chrome: Chrome,
    /// The way of an export, as a picture.
    pub steps: Vec<StepperItem>,
    /// Whom one can sign in as; empty outside a demonstration.
    pub people: Vec<PersonaGroup>,
    /// The one password of the demonstration's accounts.
    pub password: String,
}

/// The people of one organisation of the demonstration.
#[derive(Debug, Clone)]
pub struct PersonaGroup {
    /// The class that carries its colours.
    pub theme: &'static str,
    /// Its name.
    pub organization: String,
    /// What it does in the trade, in a sentence.
    pub task: String,
    /// Its people.
    pub people: Vec<Persona>,
}

/// One account of the demonstration.
#[derive(Debug, Clone)]
pub struct Persona {
    /// The account: `nbe.officer`.
    pub username: String,
    /// What they are there: `Officer`.
    pub role: String,
}

/// `GET /tour`: one export from request to proceeds, step by step.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "portals/tour.html")]
pub struct TourPage {
    /// The frame.
    pub chrome: Chrome,
    /// The steps.
    pub steps: Vec<TourStep>,
    /// The one password of the demonstration's accounts; empty outside a demonstration.
    pub password: String,
}

/// One step of the tour.
#[derive(Debug, Clone)]
pub struct TourStep {
    /// The class that carries the organisation's colours.
    pub theme: &'static str,
    /// Whose step it is.
    pub organization: String,
    /// What it is called.
    pub title: String,
    /// What happens, in a few sentences.
    pub paragraphs: Vec<String>,
    /// The account that does it.
    pub username: Option<String>,
    /// Where it is done.
    pub next: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        auth::OrganizationKind,
        i18n::Lang,
        web::{
            chrome::theme_of,
            samples,
            views::{tour_steps, way_of_an_export},
        },
    };

    fn visitor(lang: Lang, title: &str, path: &str) -> Chrome {
        let mut chrome = Chrome::for_visitor(lang, title, path);
        chrome.demo = true;
        chrome
    }

    #[test]
    fn the_front_door_opens_in_both_languages() {
        for &lang in Lang::ALL {
            let people = OrganizationKind::ALL
                .iter()
                .map(|kind| PersonaGroup {
                    theme: theme_of(*kind),
                    organization: lang.name_of("organization-kind", kind.code()),
                    task: lang.name_of("organization-task", kind.code()),
                    people: ["officer", "supervisor"]
                        .map(|role| Persona { username: format!("nbe.{role}"), role: lang.name_of("role", role) })
                        .into(),
                })
                .collect();
            let landing = LandingPage {
                chrome: visitor(lang, &lang.t("landing-title"), "/"),
                steps: way_of_an_export(lang),
                people,
                password: "jebena-demo".into(),
            };
            let html = landing.render().unwrap();
            assert!(html.contains("action=\"/sign-in\"") && html.contains("value=\"nbe.officer\""));
            samples::save(&format!("landing-{}", lang.code()), &html);

            let tour = TourPage {
                chrome: visitor(lang, &lang.t("tour-title"), "/tour"),
                steps: tour_steps(lang),
                password: "jebena-demo".into(),
            };
            samples::save(&format!("tour-{}", lang.code()), &tour.render().unwrap());
        }
    }
}
