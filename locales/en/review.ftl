### Reviews: what one desk decides about what somebody applied for.

review-panel-title = Your decision
review-reason-hint = { $least } to { $most } characters. The applicant reads it, and it stays on record.
review-by-time = by date
review-flash-done = { $subject } { $number }: { $act }. It now stands as: { $state }.
review-save-draft = Save and come back later
review-draft-saved = Saved. You can go on whenever you like.
review-continue = Continue

review-refusal-stale = It was changed by { $by } at { $at } while you were reading. Look at it again.
review-refusal-wrong-state = It stands as “{ $state }” now, since { $at } ({ $by }).
review-refusal-not-yours = This is another organisation's act, or your role does not include it.
review-refusal-own-submission = You handed this in, so somebody else has to decide on it.
review-refusal-missing-files = Papers are missing: { $papers }.
review-refusal-paper-kept = This paper cannot be taken back: another organisation handed it in, or the case has been decided on it. It can be replaced by a newer one while the case is open.

review-subject-profile = Profile
review-subject-laboratory = Laboratory
review-subject-taster = Taster
review-subject-competence = Certificate of competence
review-subject-license = Export licence
review-subject-lot = Lot
review-subject-inspection = Inspection
review-subject-contract = Contract
review-subject-buyer = Buyer

review-act-import = Import
review-act-split = Split off
review-act-merge = Merge
review-act-blend = Blend
review-act-register = Register
review-act-submit = Hand in
review-act-resubmit = Hand in again
review-act-approve = Approve
review-act-reject = Reject
review-act-return = Send back with a question
review-act-suspend = Suspend
review-act-reinstate = Reinstate
review-act-revoke = Revoke
review-act-cancel = Cancel
review-act-expire = Expire

review-action-import = imported from a table
review-action-split = split off another lot
review-action-merge = merged of several lots
review-action-blend = blended of several lots
review-action-register = registered
review-action-submit = handed in
review-action-resubmit = handed in again
review-action-approve = approved
review-action-reject = rejected
review-action-return = sent back with a question
review-action-suspend = suspended
review-action-reinstate = reinstated
review-action-revoke = revoked
review-action-cancel = cancelled
review-action-expire = expired

review-lead-suspend = It has no effect until it is reinstated. The holder is told the reason.
review-lead-reinstate = It has its effect again from today.
review-lead-revoke = It ends for good, with what depends on it. The holder is told the reason.
review-lead-cancel = It ends for good.
review-outside = What was handed in, decided and written about it is between the applicant and the authority.
review-message-label = Write to the applicant and the office that decides
