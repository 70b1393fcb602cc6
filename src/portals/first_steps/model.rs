//! Steps, and where a person stands with them: one pure function, [`of`].

use crate::codes::coded_enum;

coded_enum! {
    /// Something that a role begins with.
    Step {
        /// Confirm the address at which one is written to.
        Address = "ADDRESS",
        /// Set a second factor up.
        SecondFactor = "SECOND_FACTOR",
        /// Say who one is.
        Profile = "PROFILE",
        /// Choose how pages are to be.
        Preferences = "PREFERENCES",
        /// Choose what one wants to hear of.
        News = "NEWS",
        /// Know where help is.
        Help = "HELP",
        /// Invite somebody.
        Colleagues = "COLLEAGUES",
        /// Have a second person who administers.
        Deputy = "DEPUTY",
        /// Hand the firm's registration in.
        Firm = "FIRM",
        /// Pass the six gates.
        Qualified = "QUALIFIED",
        /// Register a lot.
        Lot = "LOT",
        /// Hand a sales contract in.
        Contract = "CONTRACT",
        /// Begin an export.
        Export = "EXPORT",
        /// Look at what waits, and take a case.
        Queue = "QUEUE",
    }
}

impl Step {
    /// Where it is done.
    pub(super) const fn href(self) -> &'static str {
        match self {
            Self::Address => "/account/email",
            Self::SecondFactor => "/account/second-factor",
            Self::Profile => "/account/profile",
            Self::Preferences => "/account/preferences",
            Self::News => "/account/notifications",
            Self::Help => "/help",
            Self::Colleagues => "/staff",
            Self::Deputy => "/staff/roles",
            Self::Firm | Self::Qualified => "/registration",
            Self::Lot => "/lots",
            Self::Contract => "/contracts",
            Self::Export => "/exports",
            Self::Queue => "/inbox",
        }
    }
}

/// A step that a person's roles have, as the tables say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Planned {
    pub step: Step,
    /// Whether one of the roles needs it.
    pub is_required: bool,
    /// Whether the product sees that it is done.
    pub is_observed: bool,
    /// Whether the person has passed it over, where they have said anything of it.
    pub said_skipped: Option<bool>,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Done,
    /// Passed over.
    Skipped,
    Open,
}

/// A step with what can be said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FirstStep {
    pub step: Step,
    pub is_required: bool,
    pub progress: Progress,
    /// Whether the person may say that it is done.
    pub may_finish: bool,
    /// Whether the person may pass it over.
    pub may_skip: bool,
}

/// The steps of a person, of which the product has seen `seen` done. What nobody needs can be passed over, and what the product
/// does not see is done when the person says so; what is done is done, whatever was said before.
pub(super) fn of(planned: &[Planned], seen: &[Step]) -> Vec<FirstStep> {
    planned
        .iter()
        .map(|planned| {
            let Planned { step, is_required, is_observed, said_skipped } = *planned;
            let progress = match said_skipped {
                _ if is_observed && seen.contains(&step) => Progress::Done,
                Some(false) if !is_observed => Progress::Done,
                Some(true) if !is_required => Progress::Skipped,
                _ => Progress::Open,
            };
            FirstStep {
                step,
                is_required,
                progress,
                may_finish: !is_observed && progress != Progress::Done,
                may_skip: !is_required && progress == Progress::Open,
            }
        })
        .collect()
}

/// How many steps are done or passed over, and how many are required and still open.
pub(super) fn count(steps: &[FirstStep]) -> (usize, usize) {
    let settled = steps.iter().filter(|step| step.progress != Progress::Open).count();
    let needed = steps.iter().filter(|step| step.is_required && step.progress == Progress::Open).count();
    (settled, needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEN: Planned = Planned { step: Step::Profile, is_required: false, is_observed: true, said_skipped: None };
    const SAID: Planned = Planned { step: Step::Queue, is_required: true, is_observed: false, said_skipped: None };

    fn progress(planned: Planned, seen: &[Step]) -> Progress {
        of(&[planned], seen)[0].progress
    }

    #[test]
    fn what_is_seen_is_done_whatever_was_said() {
        assert_eq!(progress(SEEN, &[]), Progress::Open);
        assert_eq!(progress(SEEN, &[Step::Profile]), Progress::Done);
        assert_eq!(progress(Planned { said_skipped: Some(true), ..SEEN }, &[Step::Profile]), Progress::Done);
        assert_eq!(progress(Planned { said_skipped: Some(true), ..SEEN }, &[]), Progress::Skipped);
        // Saying that it is done does not make it so.
        assert_eq!(progress(Planned { said_skipped: Some(false), ..SEEN }, &[]), Progress::Open);
    }

    #[test]
    fn what_is_not_seen_is_done_when_somebody_says_so_and_what_is_required_is_not_passed_over() {
        assert_eq!(progress(SAID, &[Step::Queue]), Progress::Open);
        assert_eq!(progress(Planned { said_skipped: Some(false), ..SAID }, &[]), Progress::Done);
        assert_eq!(progress(Planned { said_skipped: Some(true), ..SAID }, &[]), Progress::Open);
    }

    #[test]
    fn buttons_are_offered_where_they_do_something() {
        let [seen, said] = of(&[SEEN, SAID], &[])[..] else { panic!("two steps") };
        assert_eq!((seen.may_finish, seen.may_skip), (false, true));
        assert_eq!((said.may_finish, said.may_skip), (true, false));
        let skipped = of(&[Planned { said_skipped: Some(true), ..SEEN }], &[])[0];
        assert_eq!((skipped.may_finish, skipped.may_skip), (false, false));
        let done = of(&[SEEN], &[Step::Profile])[0];
        assert_eq!((done.may_finish, done.may_skip), (false, false));
    }

    #[test]
    fn every_step_has_its_words() {
        for lang in crate::i18n::Lang::ALL {
            for step in Step::ALL {
                assert!(!lang.name_of("first-step", step.code()).is_empty());
                assert!(!lang.name_of("first-step-why", step.code()).is_empty());
            }
        }
    }

    #[test]
    fn progress_counts_what_is_settled_and_what_is_still_needed() {
        let steps = of(&[SEEN, SAID, Planned { step: Step::Help, is_required: false, ..SAID }], &[Step::Profile]);
        assert_eq!(count(&steps), (1, 1));
    }
}
