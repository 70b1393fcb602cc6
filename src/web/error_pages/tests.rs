//! Every error has its words in both languages.

use chrono::DateTime;
use http::Method;

use super::*;

fn every_error() -> Vec<AppError> {
    let mut errors = vec![
        AppError::NotFound,
        AppError::SignInRequired,
        AppError::TooLarge { limit_bytes: 10 * 1024 * 1024 },
        AppError::UnsupportedBody,
        AppError::MethodNotAllowed { allow: "GET" },
        AppError::MethodUnknown(Method::TRACE),
        AppError::HostUnclear,
        AppError::HostUnknown,
        AppError::TooManyRequests { retry_after_s: 60 },
        AppError::ReadOnly,
        AppError::unavailable(anyhow::anyhow!("driver text")),
        AppError::internal(anyhow::anyhow!("driver text")),
        AppError::Conflict(Conflict::default()),
    ];
    errors.extend(
        [
            Forbidden::Permission,
            Forbidden::Step("The case is with customs.".to_owned()),
            Forbidden::FormToken,
            Forbidden::ForeignSite,
        ]
        .map(AppError::Forbidden),
    );
    errors.extend(
        [Unreadable::Fields, Unreadable::Key, Unreadable::KeyReused, Unreadable::Query, Unreadable::Interrupted]
            .map(AppError::Unreadable),
    );
    errors
}

#[test]
fn every_error_has_words_in_both_languages() {
    for error in every_error() {
        for lang in Lang::ALL {
            // An id without a sentence stops a debug build.
            let (title, sentence, advice) = words(*lang, &error);
            assert!(!title.is_empty() && !sentence.is_empty() && !advice.is_empty(), "{error:?}");
            assert!(!format!("{title}{sentence}{advice}").contains("driver"), "{error:?}");
        }
    }
}

#[test]
fn a_conflict_says_who_and_when() {
    let when = DateTime::from_timestamp(1_795_000_000, 0);
    let conflict = |who: Option<&str>, when| {
        let conflict = Conflict { who: who.map(str::to_owned), when, ..Conflict::default() };
        conflict_sentence(Lang::EN, &conflict)
    };
    let both = conflict(Some("Almaz Tesfaye"), when);
    assert!(both.starts_with("Almaz Tesfaye was quicker") && both.contains("EAT"), "{both}");
    assert_eq!(conflict(Some("Almaz Tesfaye"), None), "Almaz Tesfaye was quicker.");
    assert_eq!(conflict(None, None), "Somebody else was quicker.");
    assert!(conflict(None, when).starts_with("It was changed on"));
}

#[test]
fn limits_are_said_in_round_figures() {
    assert_eq!(size(10 * 1024 * 1024), "10 MB");
    assert_eq!(size(64 * 1024), "64 KB");
}
