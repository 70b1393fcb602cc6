//! Whatever somebody hands in to be checked, signed files among it.

use jebena_trust::check::Outcome;
use jebena_trust::given;
use jebena_trust::moment::Moment;
use jebena_trust::trust_list::Verified;
use jebena_trust::verdict::{Reason, Verdict};

use crate::documents::inspection::can_be_parsed;

/// Checks it by what it carries with it, and by nothing else.
#[must_use]
pub fn check_given(bytes: &[u8], list: Result<&Verified, &Reason>, at: Moment) -> Outcome {
    if given::Form::of(bytes) == given::Form::Pdf && !can_be_parsed(bytes) {
        let what = "it cannot be read as a PDF, or would take too much to read".to_owned();
        return Outcome::bare(Verdict::NotAProof, Reason::FileSignature { what });
    }
    #[cfg(feature = "pdf")]
    if let (given::Form::Pdf, Ok(list)) = (given::Form::of(bytes), list) {
        return jebena_pdf::pades::check(bytes, list, at);
    }
    given::check(bytes, list, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_unfolds_without_measure_is_none_of_ours() {
        let (no_list, at) = (Reason::NoTrustList, Moment::EPOCH);
        let outcome = check_given(&crate::documents::inspection::tests::bomb(), Err(&no_list), at);
        assert_eq!(outcome.verdict, Verdict::NotAProof);
        let honest = check_given(&crate::documents::inspection::tests::pdf(), Err(&no_list), at);
        assert_eq!(honest.verdict, Verdict::CannotTell, "it is looked at");
    }
}
