//! What everybody chooses who gets an account: a user name and a password, typed twice.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

use super::staff::Username;
use crate::auth::new_password::{self, LONGEST, SHORTEST, Unfit};
use crate::i18n::Lang;
use crate::web::components::Field;
use crate::workflow::words::problem;
use crate::workflow::{FieldProblems, FieldReader, Problem};

const USERNAME: &str = "username";
/// The field of a password that is chosen.
pub const PASSWORD: &str = "password";
/// The same once more.
pub const AGAIN: &str = "password_again";

/// The name and the secret of an account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The name with which its person will sign in.
    pub username: Username,
    /// The secret, as typed.
    pub password: SecretString,
}

/// What was chosen, or problems in `reader`. Others know the words `about` the person: names.
pub fn read(
    reader: &mut FieldReader<'_>,
    password: &SecretString,
    again: &SecretString,
    about: &[&str],
) -> Option<NewAccount> {
    let typed = reader.raw(USERNAME).to_lowercase();
    let username = match typed.parse::<Username>() {
        Ok(username) => Some(username),
        Err(_) if typed.is_empty() => {
            reader.problems.add(USERNAME, Problem::Missing);
            None
        }
        Err(_) => {
            reader.problems.add(USERNAME, said("problem-username-shape"));
            None
        }
    };
    let known: Vec<&str> = about.iter().copied().chain([typed.as_str()]).collect();
    read_password(&mut reader.problems, password, again, &known);
    username.map(|username| NewAccount { username, password: password.clone() })
}

/// What is wrong with a new password, at its field. Others know the words `about` the person.
pub fn read_password(problems: &mut FieldProblems, password: &SecretString, again: &SecretString, about: &[&str]) {
    match new_password::against(password.expose_secret(), again.expose_secret(), about) {
        None => {}
        Some(Unfit::Missing) => problems.add(PASSWORD, Problem::Missing),
        Some(Unfit::TooShort) => problems.add(PASSWORD, Problem::TooShort { least: SHORTEST }),
        Some(Unfit::TooLong) => problems.add(PASSWORD, Problem::TooLong { most: LONGEST }),
        Some(Unfit::Differs) => problems.add(AGAIN, said("problem-password-differs")),
        Some(Unfit::Guessable) => problems.add(PASSWORD, said("problem-password-guessable")),
    }
}

/// The name that somebody else has.
pub fn add_taken(problems: &mut FieldProblems) {
    problems.add(USERNAME, said("problem-username-taken"));
}

/// The fields for what is chosen. A secret is never shown again, not even to who typed it.
#[must_use]
pub fn fields(values: &BTreeMap<String, String>, problems: &FieldProblems, lang: Lang) -> Vec<Field> {
    let username = Field::text(USERNAME, lang.t("account-username"))
        .hint(lang.t("account-username-hint"))
        .autocomplete("username")
        .width(20)
        .wide()
        .value(values.get(USERNAME).cloned().unwrap_or_default())
        .error(problems.of(USERNAME).map(|found| problem(found, lang)));
    std::iter::once(username).chain(password_fields(problems, lang)).collect()
}

/// The two fields for a new password.
#[must_use]
pub fn password_fields(problems: &FieldProblems, lang: Lang) -> [Field; 2] {
    let error = |name: &str| problems.of(name).map(|found| problem(found, lang));
    [
        Field::new_password(PASSWORD, lang.t("account-password"))
            .hint(lang.fill("account-password-hint", [("least", SHORTEST.to_string())]))
            .error(error(PASSWORD)),
        Field::new_password(AGAIN, lang.t("account-password-again")).error(error(AGAIN)),
    ]
}

const fn said(text_id: &'static str) -> Problem {
    Problem::Refused { text_id, arguments: Vec::new() }
}
