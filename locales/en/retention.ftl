### For how long what is kept.

retention-title = Retention
retention-lead = For how long each kind of record is kept, on what ground, and what becomes of it then. What is kept for hours goes every ten minutes, the rest once a day.
retention-lead-count = A count removes nothing: it says what the next run would remove.
retention-policies = What is kept
retention-runs = Last runs
retention-none = Nothing yet
retention-none-text = No run is on record.
retention-count-title = Count what would go
retention-count = Count now
retention-count-asked = It is being counted. Load the page again in a moment.
retention-rows = { $rows ->
    [one] 1 record
   *[other] { $rows } records
}
retention-kept-with = as long as there is what it belongs to
retention-kept-at-once = goes when it has ended
retention-kept-minutes = { $number ->
    [one] 1 minute
   *[other] { $number } minutes
}
retention-kept-hours = { $number ->
    [one] 1 hour
   *[other] { $number } hours
}
retention-kept-days = { $number ->
    [one] 1 day
   *[other] { $number } days
}
retention-kept-years = { $number ->
    [one] 1 year ({ $days } days)
   *[other] { $number } years ({ $days } days)
}
retention-dry = Counted only
retention-real = Removed
retention-broken-off = Not ended
retention-cause-schedule = Its time had come
retention-cause-person = A person
retention-cause-command = An operator
retention-head-class = Records
retention-head-kept = Kept for
retention-head-basis = Ground
retention-head-method = Then
retention-head-due = Would go now
retention-head-last = Went last
retention-head-began = Begun
retention-head-mode = What was done
retention-head-by = By
retention-head-counted = Due
retention-head-removed = Removed
retention-method-delete = Removed
retention-method-clear = A part removed
retention-method-detach = Archived
retention-method-keep = Kept
retention-class-ended-sessions = Sessions after their last moment
retention-class-silent-sessions = Sessions in which nothing happens
retention-class-unfinished-sign-ins = Sign-ins without a code
retention-class-passkey-questions = Questions to devices that hold passkeys
retention-class-sign-in-attempts = Failed attempts to sign in
retention-class-request-counts = Counts of requests
retention-class-taken-copies = Files of personal data that were downloaded
retention-class-expired-copies = Files of personal data that nobody downloaded
retention-class-last-addresses = Addresses of people erased, for the last mail
retention-class-outbox = Events that were passed on
retention-class-form-answers = Answers to forms
retention-class-done-jobs = Jobs that were done
retention-class-security-activity = Counts of security by the hour
retention-class-password-resets = Requests for a new password
retention-class-email-confirmations = Addresses that somebody was asked to confirm
retention-class-origins = Addresses and browsers beside the record
retention-class-known-devices = Devices on which somebody has signed in
retention-class-notifications = Notifications
retention-class-mails = Mails that were sent
retention-class-ended-jobs = Jobs that failed or were cancelled
retention-class-data-copies = Requests for a copy of personal data
retention-class-unused-invitations = Invitations that nobody accepted
retention-class-retention-runs = Runs of this page
retention-class-event-details = Personal parts of the record
retention-class-security-events = The record: security and administration
retention-class-business-events = The record: compliance and transactions
retention-class-security-alerts = Security alerts
retention-class-legal-holds = Legal holds
retention-class-trade = Exports, applications and papers
retention-class-accounts = Accounts

### Years of the record.

archives-title = Archive of the record
archives-lead = The record goes by years, each as a whole. A year with compliance or transactions in it is kept for { $business } after its end, another for { $others }. Then the whole record is checked, the year is written to a file with its fingerprint, guarded against changes and taken off.
archives-lead-drop = What was taken off is dropped when one administrator has asked for it and another agrees, and when the file has been read once more. The seals stay: the chain can be checked to its beginning.
archives-archived = Archived years
archives-attached = Years in the record
archives-none = None
archives-none-text = No year’s time is over.
archive-held = A legal hold stands on what is in this year: it is neither archived nor dropped.
archive-own-request = You have asked for it yourself. Another administrator has to agree.
archive-moved-on = Nothing was changed: meanwhile the archive stands at “{ $state }”.
archive-drop-reason = Why the partition is to be dropped
archive-drop-reason-hint = It goes on record. The file stays.
archive-drop-asked = Another administrator is asked to agree.
archive-drop-approved = A job reads the file once more and drops the partition.
archive-drop-withdrawn = Nobody is asked any more to have it dropped.
archive-act-drop = Ask for it to be dropped
archive-act-approval = Agree that it is dropped
archive-act-withdrawal = Take the request back
archive-state-exported = Written to a file
archive-state-detached = Taken off
archive-state-drop-asked = Waits for a second administrator
archive-state-drop-approved = Is being dropped
archive-state-dropped = In the file alone
archive-head-year = Year
archive-head-from = From
archive-head-until = Until
archive-head-events = Events
archive-head-state = State
archive-head-kept = Kept until, with business in it
archive-year = The record of { $year }
archive-fact-partition = Table
archive-fact-state = State
archive-fact-from = From
archive-fact-until = Until
archive-fact-events = Events
archive-fact-numbers = Numbers
archive-fact-written = File written
archive-fact-size = Size in bytes
archive-fact-sha256 = SHA-256 of the file
archive-fact-head = Head of the chain then
archive-fact-detached = Taken off
archive-fact-asked = Drop asked for by
archive-fact-reason = Reason
archive-fact-approved = Agreed by
archive-fact-dropped = Dropped

### Legal holds.

holds-title = Legal holds
holds-lead = What concerns an export, an organisation or a person is kept while a hold stands on it: nothing of it is removed, archived or made unrecognisable. Another administrator than the one who placed a hold lifts it.
holds-none = No legal holds
holds-none-text = Nobody has asked that anything be kept.
hold-place-title = Place a hold
hold-place = Place the hold
hold-subject-field = What it stands on
hold-subject-export = Export
hold-subject-organization = Organisation
hold-subject-person = Person
hold-subject-wrong = Choose what the hold stands on
hold-name = Number, code or user name
hold-name-hint = Of an export its number, of an organisation its code, of a person the user name
hold-name-wrong = Say what the hold stands on
hold-name-unknown = Nothing is called so
hold-reason = Why
hold-reason-hint = Who has asked for it, and under which law. It goes on record.
hold-lift-hint = Who has said so, and when. It goes on record.
hold-already = A hold stands on it already.
hold-placed = The hold stands.
hold-lift-title = Lift the hold
hold-lift = Lift it
hold-lift-reason = Why it need not be kept any more
hold-lifted = The hold is lifted.
hold-lifted-already = The hold is lifted already.
hold-own = You have placed this hold yourself. Another administrator has to lift it.
hold-stands = Stands
hold-is-lifted = Lifted
hold-head-subject = On
hold-head-state = State
hold-head-placed = Placed
hold-head-by = By
hold-head-reason = Reason
hold-head-lifted = Lifted
hold-head-lifted-by = Lifted by
hold-head-lift-reason = Reason for lifting
