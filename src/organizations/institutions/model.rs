//! An institution to be set up, and one as listed.

use crate::auth::OrganizationKind;
use crate::names;
use crate::organizations::email::is_email;

/// An institution to be set up.
#[derive(Debug, Clone)]
pub struct NewInstitution {
    /// The code by which accounts and the operator name it: 2 to 20 of A-Z, 0-9 and '-'.
    pub code: String,
    /// What it is.
    pub kind: OrganizationKind,
    /// Its English name.
    pub name: String,
    /// Its Amharic name.
    pub name_am: String,
    /// How colleagues elsewhere write to its desk.
    pub email: Option<String>,
    /// How they call it.
    pub phone: Option<String>,
    /// Where the desk is.
    pub address: Option<String>,
}

/// An institution as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Institution {
    /// Its code.
    pub code: String,
    /// What it is.
    pub kind: OrganizationKind,
    /// Its English name.
    pub name: String,
    /// Its Amharic name.
    pub name_am: String,
    /// How many people of it may sign in.
    pub people: i64,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum InstitutionError {
    /// The code has other characters, or is too short or too long.
    #[error("a code has 2 to 20 of A-Z, 0-9 and '-'")]
    BadCode,
    /// A name is too short or too long.
    #[error("a name has 3 to 255 characters, in English and in Amharic")]
    BadName,
    /// The address for mail is none.
    #[error("{0} is no address for e-mail")]
    BadEmail(String),
    /// Exporters come in by their own registration.
    #[error("an exporter registers itself, at /register")]
    RegistersItself,
    /// There is an organisation of that code.
    #[error("there is an organisation with the code {0} already")]
    Taken(String),
    /// There is one of its kind, and there can be no other.
    #[error("there is a {0} already, and there is only one")]
    OnlyOne(OrganizationKind),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What is wrong with an institution before anybody asks the database; the schema says the same.
pub(super) fn check(institution: &NewInstitution) -> Result<(), InstitutionError> {
    let is_code = (2..=20).contains(&institution.code.len())
        && institution.code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-');
    if !is_code {
        return Err(InstitutionError::BadCode);
    }
    if institution.kind == OrganizationKind::Exporter {
        return Err(InstitutionError::RegistersItself);
    }
    let is_name =
        |name: &str| (3..=255).contains(&name.trim().chars().count()) && names::against(name.trim()).is_none();
    if !is_name(&institution.name) || !is_name(&institution.name_am) {
        return Err(InstitutionError::BadName);
    }
    match &institution.email {
        Some(email) if !is_email(email) => Err(InstitutionError::BadEmail(email.clone())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bank() -> NewInstitution {
        NewInstitution {
            code: "GION".into(),
            kind: OrganizationKind::CommercialBank,
            name: "Gion Commercial Bank S.C.".into(),
            name_am: "ግዮን ንግድ ባንክ አ.ማ.".into(),
            email: Some("desk@gion.example".into()),
            phone: None,
            address: None,
        }
    }

    #[test]
    fn each_mistake_is_named() {
        assert!(check(&bank()).is_ok());
        for code in ["G", "gion", "GION BANK", "GION-COMMERCIAL-BANKS"] {
            let faulty = NewInstitution { code: code.into(), ..bank() };
            assert!(matches!(check(&faulty), Err(InstitutionError::BadCode)), "{code}");
        }
        for (name, name_am) in [("Gi", "ግዮን"), ("Gion", "ግዮ"), ("Gion", "    ")] {
            let faulty = NewInstitution { name: name.into(), name_am: name_am.into(), ..bank() };
            assert!(matches!(check(&faulty), Err(InstitutionError::BadName)), "{name} {name_am}");
        }
        let faulty = NewInstitution { email: Some("desk at gion".into()), ..bank() };
        assert!(matches!(check(&faulty), Err(InstitutionError::BadEmail(_))));
        let exporter = NewInstitution { kind: OrganizationKind::Exporter, ..bank() };
        assert!(matches!(check(&exporter), Err(InstitutionError::RegistersItself)));
    }
}
