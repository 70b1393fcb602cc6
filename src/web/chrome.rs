//! What every page shows around its own content: who is signed in and for whom, where one can go, the
//! language, announcements and the outcome of the last act. `templates/base.html` draws it.

use askama::{Template, filters::HtmlSafe};

use crate::{
    auth::{Actor, OrganizationKind, Permission},
    codes::coded_enum,
    i18n::{FluentValue, Lang},
};

/// The frame of one page for one viewer. Built with [`Chrome::for_visitor`] or [`Chrome::for_actor`] and
/// the `with_*` methods.
#[derive(Debug, Clone)]
pub struct Chrome {
    /// The language of the page.
    pub lang: Lang,
    /// The page's own name: its heading and the first part of `<title>`.
    pub title: String,
    /// The class on `<html>` that carries the organisation's colour: `org-nbe`.
    pub theme: &'static str,
    /// For whom the viewer acts.
    pub organization: Option<OrganizationBadge>,
    /// Who is signed in.
    pub person: Option<Person>,
    /// What they were told and have not read, at most a hundred.
    pub unread: i64,
    /// Where the viewer can go.
    pub nav: Vec<NavItem>,
    /// An announcement to everybody, such as a planned outage.
    pub banner: Option<String>,
    /// What came of the last act.
    pub flash: Option<Flash>,
    /// The session's token against forged forms; empty for a visitor.
    pub csrf: String,
    /// Path and query of this page, to which the language switch returns.
    pub path: String,
    /// Whether this is a demonstration with invented data.
    pub demo: bool,
    /// Whether nothing can be changed at the moment.
    pub read_only: bool,
    /// Whether the viewer wants single-key shortcuts.
    pub shortcuts: bool,
    /// Whether the shell offers the search for a reference.
    pub search: bool,
    /// How close the rows of tables and lists stand.
    pub density: Density,
    /// Whether the content uses the whole width of a wide screen.
    pub wide: bool,
}

/// The organisation as the header shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationBadge {
    /// Its name in the page's language.
    pub name: String,
    /// What it is in the trade, in the page's language.
    pub kind: String,
}

/// The person as the header shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// What they are in their organisation, in the page's language.
    pub roles: String,
}

/// One place of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// Where it leads.
    pub href: &'static str,
    /// Its name in the page's language.
    pub label: String,
    /// Whether the viewer is there.
    pub current: bool,
    /// How many things wait there, where that is known.
    pub count: Option<i64>,
}

coded_enum! {
    /// How close the rows of tables and lists stand.
    #[derive(Default)]
    Density {
        /// With room around each.
        #[default]
        Comfortable = "COMFORTABLE",
        /// As many on a screen as can still be read and hit.
        Compact = "COMPACT",
    }
}

impl Density {
    /// The class on `<html>`, with the space before it.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Comfortable => "",
            Self::Compact => " app-compact",
        }
    }
}

/// The outcome of an act, shown once at the top of the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// Whether it went well.
    pub kind: FlashKind,
    /// What happened, in the page's language.
    pub text: String,
}

/// How an act went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlashKind {
    /// It was done.
    Success,
    /// Something to know.
    Notice,
    /// It was not done.
    Problem,
}

impl FlashKind {
    /// The suffix of its style class.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Success => "good",
            Self::Notice => "info",
            Self::Problem => "bad",
        }
    }

    /// The sentence id of the word before the text, so that colour is not the only sign.
    #[must_use]
    pub const fn label_id(self) -> &'static str {
        match self {
            Self::Success => "common-success",
            Self::Notice => "common-notice",
            Self::Problem => "common-problem",
        }
    }
}

/// The style class that carries an organisation's colours.
#[must_use]
pub const fn theme_of(kind: OrganizationKind) -> &'static str {
    match kind {
        OrganizationKind::Exporter => "org-exporter",
        OrganizationKind::CommercialBank => "org-bank",
        OrganizationKind::NationalBank => "org-nbe",
        OrganizationKind::Ecta => "org-ecta",
        OrganizationKind::Ecx => "org-ecx",
        OrganizationKind::ShippingLine => "org-shipping",
        OrganizationKind::Customs => "org-customs",
        OrganizationKind::Auditor => "org-auditor",
        OrganizationKind::Administration => "org-admin",
    }
}

/// The frame above what a page shows.
#[derive(Debug, Template)]
#[template(path = "components/top.html")]
pub struct Top<'a> {
    chrome: &'a Chrome,
}

/// The frame below it.
#[derive(Debug, Template)]
#[template(path = "components/foot.html")]
pub struct Foot<'a> {
    chrome: &'a Chrome,
}

// What they write was escaped where it was put in.
impl HtmlSafe for Top<'_> {}
impl HtmlSafe for Foot<'_> {}

impl Chrome {
    /// The frame above what the page shows.
    #[must_use]
    pub const fn top(&self) -> Top<'_> {
        Top { chrome: self }
    }

    /// The frame below it.
    #[must_use]
    pub const fn foot(&self) -> Foot<'_> {
        Foot { chrome: self }
    }

    /// The frame for somebody who has not signed in, on the page at `path` called `title`.
    #[must_use]
    pub fn for_visitor(lang: Lang, title: impl Into<String>, path: impl Into<String>) -> Self {
        let path = path.into();
        let mut nav = vec![("/help", lang.t("nav-help"))];
        if path != "/sign-in" {
            nav.push(("/sign-in", lang.t("nav-sign-in")));
        }
        Self {
            lang,
            title: title.into(),
            theme: "org-none",
            organization: None,
            person: None,
            unread: 0,
            nav: nav_items(nav, &path),
            banner: None,
            flash: None,
            csrf: String::new(),
            path,
            demo: false,
            read_only: false,
            shortcuts: false,
            search: false,
            density: Density::default(),
            wide: false,
        }
    }

    /// The frame for `actor` on the page at `path` called `title`.
    #[must_use]
    pub fn for_actor(actor: &Actor, lang: Lang, title: impl Into<String>, path: impl Into<String>) -> Self {
        let organization = &actor.organization;
        let name = organization.name(lang);
        let roles: Vec<_> = actor.roles.iter().map(|role| lang.name_of("role", role.code())).collect();
        let chrome = Self::for_visitor(lang, title, path);
        Self {
            theme: theme_of(organization.kind),
            organization: Some(OrganizationBadge {
                name: name.to_owned(),
                kind: lang.name_of("organization-kind", organization.kind.code()),
            }),
            person: Some(Person { name: actor.display_name.clone(), roles: lang.list(roles) }),
            nav: nav_items(places_of(actor, lang), &chrome.path),
            shortcuts: true,
            search: actor.may(Permission::ViewExports),
            ..chrome
        }
    }

    /// With the session's token for the forms of the shell.
    #[must_use]
    pub fn with_csrf(mut self, csrf: impl Into<String>) -> Self {
        self.csrf = csrf.into();
        self
    }

    /// With the outcome of the last act.
    #[must_use]
    pub fn with_flash(mut self, flash: Option<Flash>) -> Self {
        self.flash = flash;
        self
    }

    /// With `count` things waiting in the place at `href`.
    #[must_use]
    pub fn with_count(mut self, href: &str, count: i64) -> Self {
        for item in self.nav.iter_mut().filter(|item| item.href == href) {
            item.count = Some(count);
        }
        self
    }

    /// With content that uses the whole width: tables and cases.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Whether header and navigation use the whole width: for whoever has signed in they do on every page, so that
    /// going from a narrow page to a wide one moves nothing.
    #[must_use]
    pub const fn is_shell_wide(&self) -> bool {
        self.wide || self.person.is_some()
    }

    /// The sentence `id` in the page's language.
    #[must_use]
    pub fn t(&self, id: &str) -> String {
        self.lang.t(id)
    }

    /// The sentence `id` with one variable put in; for more, use [`Lang::t_args`] in Rust.
    #[must_use]
    pub fn t_with<'a>(&self, id: &str, name: &'static str, value: impl Into<FluentValue<'a>>) -> String {
        self.lang.t_args(id, &[(name, value.into())])
    }

    /// What stands in `<title>`: page, organisation, product.
    #[must_use]
    pub fn document_title(&self) -> String {
        let product = self.t("app-name");
        match &self.organization {
            Some(organization) => format!("{} – {} – {product}", self.title, organization.name),
            None => format!("{} – {product}", self.title),
        }
    }

    /// Every language with whether it is the page's.
    #[must_use]
    pub fn languages(&self) -> Vec<(Lang, bool)> {
        Lang::ALL.iter().map(|lang| (*lang, lang.language == self.lang.language)).collect()
    }

    /// How many news wait, as the header shows it; nothing where none do.
    #[must_use]
    pub fn unread_shown(&self) -> Option<String> {
        match self.unread {
            ..=0 => None,
            1..=99 => Some(self.unread.to_string()),
            100.. => Some("99+".to_owned()),
        }
    }

    /// The product's version.
    #[must_use]
    pub const fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

/// Places with an address of their own that belong to a place of the navigation.
const BELONGING: &[(&str, &str)] = &[
    ("/samples", "/inspections"),
    ("/applications", "/registration"),
    ("/buyers", "/contracts"),
    ("/seller", "/papers"),
    ("/pki", "/pki/certificates"),
];

fn nav_items(places: Vec<(&'static str, String)>, path: &str) -> Vec<NavItem> {
    let here = path.split('?').next().unwrap_or_default();
    let within = |href: &str| here == href || here.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    let current = |href: &str| within(href) || BELONGING.iter().any(|(own, of)| *of == href && within(own));
    places.into_iter().map(|(href, label)| NavItem { href, label, current: current(href), count: None }).collect()
}

fn places_of(actor: &Actor, lang: Lang) -> Vec<(&'static str, String)> {
    let mut places = Vec::new();
    if actor.may(Permission::WriteMessages) {
        places.push(("/inbox", lang.t("nav-inbox")));
    }
    if actor.may(Permission::ViewExports) {
        places.push(("/dashboard", lang.t("nav-dashboard")));
        places.push(("/exports", lang.t("nav-exports")));
    }
    if actor.may(Permission::ViewRegistrations) {
        places.push(("/registration", lang.t("nav-registration")));
    }
    if actor.may(Permission::ViewLots) {
        places.push(("/lots", lang.t("nav-lots")));
    }
    if actor.may(Permission::ViewContracts) {
        places.push(("/contracts", lang.t("nav-contracts")));
    }
    if actor.may(Permission::InspectLots) {
        places.push(("/inspections", lang.t("nav-inspections")));
    }
    if actor.may(Permission::PrintPapers) {
        places.push(("/papers", lang.t("nav-papers")));
    }
    if actor.may(Permission::ViewReports) {
        places.push(("/reports", lang.t("nav-reports")));
    }
    if actor.may(Permission::ExtendSettlement) || actor.may(Permission::SettleExport) {
        places.push(("/proceeds", lang.t("nav-proceeds")));
    }
    if actor.may(Permission::ViewStaff) {
        places.push(("/staff", lang.t("nav-staff")));
    } else if actor.may(Permission::ViewRoles) {
        places.push(("/staff/roles", lang.t("nav-roles")));
    }
    if actor.may(Permission::ViewPlots) {
        places.push(("/plots", lang.t("nav-plots")));
    }
    if actor.may(Permission::ViewReference) {
        places.push(("/reference", lang.t("nav-reference")));
    }
    if actor.may(Permission::ViewCertificates) {
        places.push(("/pki/certificates", lang.t("nav-certificates")));
    }
    if actor.may(Permission::ViewAlerts) {
        places.push(("/security", lang.t("nav-security")));
    }
    if actor.may(Permission::ViewAudit) {
        places.push(("/audit", lang.t("nav-audit")));
    }
    if actor.may(Permission::ViewSystem) {
        places.push(("/admin/system", lang.t("nav-system")));
    }
    places.push(("/help", lang.t("nav-help")));
    places
}
