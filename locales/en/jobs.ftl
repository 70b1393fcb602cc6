### Work beside requests.

jobs-title = Background jobs
jobs-lead = What the system does by itself: each job once, by whichever server takes it, and again after a failure.
jobs-empty = No jobs
jobs-empty-text = None is on record that fits. Jobs that were done are kept for a week, those that failed for 90 days.
jobs-schedules = What comes again
jobs-every-minutes = { $minutes ->
    [one] every minute
   *[other] every { $minutes } minutes
}
jobs-every-hours = { $hours ->
    [one] every hour
   *[other] every { $hours } hours
}
jobs-hasten = Do it now
jobs-hasten-submit = Do it now
job-hastened = It is done within seconds.
jobs-entered = Entered
jobs-requested-by = Asked for by
jobs-tries = Tries
jobs-no-tries = Not tried yet
jobs-no-tries-text = It waits for its moment.
jobs-head-kind = Job
jobs-head-status = State
jobs-head-due = Due
jobs-head-tries = Tries
jobs-head-ended = Ended
jobs-head-every = How often
jobs-head-next = Next
jobs-head-try = Try
jobs-head-outcome = Outcome
jobs-head-started = Begun
jobs-head-report = What came of it
job-kind-sweep-sessions = Remove what is kept for hours
job-kind-apply-retention = Remove what has been kept long enough
job-kind-archive-audit = Archive years of the record
job-kind-drop-archive = Drop an archived year
job-kind-expire-grants = Expire what has run out
job-kind-reconcile-files = Compare files and records
job-kind-scan-document = Scan a document
job-kind-fill-holidays = Enter the holidays to come
job-kind-send-mail = Send a mail
job-kind-send-digests = Send the mails of the day
job-kind-copy-personal-data = Put a person’s data together
job-kind-erase-people = Erase those whose day has come
job-status-waiting = Waiting
job-status-running = Running
job-status-done = Done
job-status-failed = Failed
job-status-cancelled = Cancelled
job-outcome-running = Running
job-outcome-done = Done
job-outcome-failed = Failed
job-outcome-lost = Not heard of any more
job-outcome-cancelled = Cancelled
job-count-rows-due = records due
job-count-rows-removed = records removed
job-count-years-archived = years archived
job-count-years-prepared = years prepared
job-count-years-dropped = years dropped
job-count-permits = permits expired
job-count-grants = registrations expired
job-count-contracts = contracts expired
job-count-temporary-files = unfinished files deleted
job-count-orphan-files = files without a record deleted
job-count-rows-without-file = records whose file is missing
job-count-holidays = holidays entered
job-count-mails = mails
job-count-needless = mails that were not needed
job-count-people = people erased
job-count-records = records
job-count-files = files
job-count-scanned = documents scanned
job-count-infected = infected
job-act-retry = Try it again
job-act-cancel = Cancel it
job-submit-retry = Try again
job-submit-cancel = Cancel the job
job-retried = The job waits for a worker again.
job-cancelled = The job is cancelled.
job-moved-on = Nothing was changed: meanwhile the job stands at “{ $status }”.
job-doubled = Nothing was changed: another job of this kind already waits or runs and does the same.
