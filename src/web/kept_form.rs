//! A form that came too late: its session had ended, or another has begun since. What was typed is not thrown away: it goes back to
//! the browser and through the sign-in, inside of the pages, and is sent by a press of a button in the session that there is then.
//!
//! Nothing of it is stored here. It counts no sooner than when it comes again with that session's token; other sites are turned
//! away before any form is read ([`super::csrf`]).

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, Uri};
use serde::{Deserialize, Serialize};

use super::components::{Field, FieldGroup, Form, FormToken};
use super::form::{CSRF_FIELD, KEY_FIELD, RawFields, VERSION_FIELD, is_form, read_pairs};
use super::htmx;
use super::next_path::NextPath;
use crate::error::AppError;
use crate::i18n::Lang;

/// The field in which it goes through the sign-in.
pub const KEPT_FIELD: &str = "kept";

/// What every form of ours has, and nobody types.
const GUARDS: [&str; 3] = [CSRF_FIELD, KEY_FIELD, VERSION_FIELD];
/// A field whose name contains one of these holds a secret.
const SECRETS: [&str; 3] = ["password", "passphrase", "credential"];
/// The fields for a code that is used once.
const CODES: [&str; 2] = ["code", "factor_code"];

/// What was typed into a form that was not taken.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptForm {
    /// Where it is to be sent.
    action: String,
    /// The page that it stood on.
    page: String,
    fields: Vec<(String, String)>,
}

/// Where it goes only: what was typed is the person's.
impl std::fmt::Debug for KeptForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptForm").field("action", &self.action).finish_non_exhaustive()
    }
}

/// Where a form was sent, and from where.
#[derive(Debug)]
pub struct Place {
    action: NextPath,
    page: NextPath,
}

impl Place {
    /// That of a request with these.
    #[must_use]
    pub fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let page = if htmx::is_htmx(headers) { NextPath::current_page(headers) } else { NextPath::referring(headers) };
        Self { action: NextPath::of_uri(uri), page }
    }
}

impl KeptForm {
    /// What was sent there, if there is anything that somebody would have to type again. Secrets are not kept: a form that has one
    /// is filled in anew.
    #[must_use]
    pub fn of(Place { action, page }: Place, fields: &RawFields) -> Option<Self> {
        let is_typed = |(name, value): &(String, String)| !GUARDS.contains(&name.as_str()) && !value.is_empty();
        let fields = fields.pairs();
        if !fields.iter().any(is_typed) || fields.iter().any(|(name, _)| is_secret(name)) {
            return None;
        }
        let fields = fields.iter().filter(|(name, _)| name != CSRF_FIELD).cloned().collect();
        Some(Self { action: action.as_str().to_owned(), page: page.as_str().to_owned(), fields })
    }

    /// The same, of a request that nobody has read yet.
    pub(super) async fn of_request(request: Request) -> Option<Self> {
        if !is_form(&request) {
            return None;
        }
        let place = Place::of(request.uri(), request.headers());
        Self::of(place, &RawFields::new(read_pairs(request).await.ok()?))
    }

    /// It as the text of a hidden field.
    #[must_use]
    pub fn encoded(&self) -> String {
        serde_json::to_vec(self).map(|text| URL_SAFE_NO_PAD.encode(text)).unwrap_or_default()
    }

    /// What [`KeptForm::encoded`] has written; nothing when it leads elsewhere than to this site, or was not written so.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let kept: Self = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let is_local = |path: &str| NextPath::parse(path).as_str() == path;
        (is_local(&kept.action) && is_local(&kept.page)).then_some(kept)
    }

    /// The form that signs in and brings it along.
    #[must_use]
    pub(super) fn sign_in_form(&self, lang: Lang) -> Form {
        let name = Field::text("username", lang.t("sign-in-username")).autocomplete("username").width(20);
        let password = Field::password("password", lang.t("sign-in-password"));
        Form {
            action: "/sign-in".to_owned(),
            token: FormToken { idempotency_key: super::form::FormToken::fresh().to_string(), ..FormToken::default() },
            hidden: vec![(KEPT_FIELD.to_owned(), self.encoded())],
            groups: vec![FieldGroup::plain(vec![name, password])],
            submit: lang.t("sign-in-button"),
            ..Form::default()
        }
    }

    /// The form that sends it, in the session whose token is `csrf`. It counts once, however often it had been sent before.
    #[must_use]
    pub fn send_form(&self, csrf: String, lang: Lang) -> Form {
        let guard = |name: &str| self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let typed = self.fields.iter().filter(|(name, _)| !GUARDS.contains(&name.as_str()));
        Form {
            action: self.action.clone(),
            token: FormToken {
                csrf,
                idempotency_key: guard(KEY_FIELD).unwrap_or_else(|| super::form::FormToken::fresh().to_string()),
                version: guard(VERSION_FIELD),
            },
            hidden: typed.cloned().collect(),
            submit: lang.t("kept-form-send"),
            cancel: Some(self.page.clone()),
            ..Form::default()
        }
    }

    /// The refusal of the form, with what was typed for the page that says so.
    pub fn refused(kept: Option<Self>, error: AppError) -> Response {
        let mut response = error.into_response();
        if let Some(kept) = kept {
            response.extensions_mut().insert(kept);
        }
        response
    }
}

/// Whether a field of this name holds what nobody else may read: it is never sent back to a page.
#[must_use]
pub fn is_secret(name: &str) -> bool {
    CODES.contains(&name) || SECRETS.iter().any(|secret| name.contains(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> RawFields {
        RawFields::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn kept(pairs: &[(&str, &str)]) -> Option<KeptForm> {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::REFERER, "https://jebena.example/exports/1".parse().unwrap());
        KeptForm::of(Place::of(&"/exports/1/messages".parse().unwrap(), &headers), &fields(pairs))
    }

    #[test]
    fn what_was_typed_comes_back_and_the_token_of_before_does_not() {
        let kept = kept(&[("csrf", "old"), ("idempotency_key", "k"), ("version", "3"), ("body", "ቡና & more")]).unwrap();
        let back = KeptForm::decode(&kept.encoded()).unwrap();
        assert_eq!(back, kept);
        let form = back.send_form("new".to_owned(), Lang::EN);
        assert_eq!((form.action.as_str(), form.cancel.as_deref()), ("/exports/1/messages", Some("/exports/1")));
        assert_eq!(form.hidden, [("body".to_owned(), "ቡና & more".to_owned())]);
        assert_eq!((form.token.csrf.as_str(), form.token.idempotency_key.as_str()), ("new", "k"));
        assert_eq!(form.token.version.as_deref(), Some("3"));
    }

    #[test]
    fn a_button_alone_and_a_secret_are_not_kept() {
        assert!(kept(&[("csrf", "t"), ("idempotency_key", "k"), ("version", "1"), ("note", "")]).is_none());
        assert!(kept(&[("reason", "x"), ("current_password", "y")]).is_none());
        assert!(kept(&[("reason", "x"), ("factor_code", "123456")]).is_none());
        assert!(kept(&[("reason", "x"), ("hs_code", "090111")]).is_some());
    }

    #[test]
    fn a_kept_form_leads_to_this_site_only() {
        for (action, page) in [("https://evil.example/", "/"), ("/x", "//evil.example"), ("/sign-out", "/")] {
            let forged = KeptForm { action: action.to_owned(), page: page.to_owned(), fields: Vec::new() };
            assert_eq!(KeptForm::decode(&forged.encoded()), None, "{action} {page}");
        }
        assert_eq!(KeptForm::decode("x"), None);
    }
}
