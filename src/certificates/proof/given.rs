//! Whatever somebody hands in to be checked, signed files among it.

use jebena_trust::check::Outcome;
use jebena_trust::given;
use jebena_trust::moment::Moment;
use jebena_trust::trust_list::Verified;
use jebena_trust::verdict::Reason;

/// Checks it by what it carries with it, and by nothing else.
#[must_use]
pub fn check_given(bytes: &[u8], list: Result<&Verified, &Reason>, at: Moment) -> Outcome {
    #[cfg(feature = "pdf")]
    if let (given::Form::Pdf, Ok(list)) = (given::Form::of(bytes), list) {
        return jebena_pdf::pades::check(bytes, list, at);
    }
    given::check(bytes, list, at)
}
