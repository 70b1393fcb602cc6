### Security: alerts and figures, as who runs the system, auditors and an organisation's administrators read them.

nav-security = Security
alerts-title = Security
alerts-lead = What the record shows that somebody should look at, and what was refused. The figures are a few seconds old.
alerts-lead-own = What the record shows about the people of your organisation that somebody should look at, and what they were refused. The figures are a few seconds old.
alerts-periods = Time
alerts-period-24h = Last 24 hours
alerts-period-7d = Last 7 days
alerts-open = Open alerts
alerts-failures = Failed sign-ins
alerts-denials = Denied accesses
alerts-exports = Lists and reports taken away
alerts-sign-ins = Sign-ins
alerts-sessions = Sessions open now

alerts-part-open = Open alerts
alerts-part-failures = Last failed sign-ins
alerts-part-denials = Last denied accesses
alerts-part-acknowledged = Acknowledged alerts
alerts-part-evidence = What raised it
alerts-part-empty-open = No alert waits
alerts-part-empty-failures = No sign-in has failed in this time
alerts-part-empty-denials = No access was denied in this time
alerts-part-empty-acknowledged = No alert was acknowledged yet
alerts-part-empty-evidence = Nothing is kept of it
alerts-more = The last { $rows } are shown.

alerts-head-alert = Alert
alerts-head-about = About
alerts-head-counted = Counted
alerts-head-last = Last seen
alerts-head-by = Acknowledged by
alerts-head-note = Note
alerts-head-at = When
alerts-head-account = Account that was tried
alerts-head-address = From where
alerts-head-person = Person
alerts-head-why = Why
alerts-head-facts = Facts
alerts-head-event = What happened
alerts-head-done-by = By
alerts-head-organization = Organisation
alerts-head-severity = Severity
alerts-head-from = First seen
alerts-head-raised = Alert raised
alerts-head-state = State
alerts-head-record = Record

alerts-rule-failed-sign-ins = Failed sign-ins
alerts-rule-privilege-change = Change of rights
alerts-rule-unusual-exports = Unusual downloads
alerts-rule-infected-files = Infected files
alerts-rule-certificate-ended = Certificate without a successor
alerts-rule-rotation-overdue = Key not replaced
alerts-rule-unusual-key-use = Unusual use of keys
alerts-rule-list-overdue = List of what was revoked overdue
alerts-rule-signer-alarm = Alarm of the signer
alerts-rule-signer-away = Signer away
alerts-rule-audit-not-sound = Record not sound
alerts-rule-archive-faulty = Archive not as it was written
alerts-why-failed-sign-ins = Somebody has tried to sign in and failed, several times within minutes. Ask the person whether it was them. The account closes by itself for a while.
alerts-why-privilege-change = Somebody may do more or less than before, was let in or shut out, or is invited to decide over others. Make sure that this was meant.
alerts-why-unusual-exports = Somebody has taken away much more within 24 hours than they usually do. Ask what it is for.
alerts-why-infected-files = Somebody has brought a file in which the scanner found something. It is refused or locked away. Tell them, and have the machine looked at from which it came.
alerts-why-certificate-ended = A certificate has ended, and there is none in its place: nothing is sealed with it any more. Of an organisation, ask whether it wants another; of the consortium, see to it that the signer runs.
alerts-why-rotation-overdue = Another key was due. Whoever looks after the signer replaces it by its command line (jebena rotate).
alerts-why-unusual-key-use = The keys were used far more often in a day than on their busiest day before. Find out what was signed with them. If nobody can say, suspend the certificate.
alerts-why-list-overdue = Another list of what was revoked was due: strangers cannot check certificates until there is one. See whether the signer runs.
alerts-why-signer-alarm = The signer has written down something critical, such as a key that does not open, because its row was changed or moved. Nothing is signed with such a key. Whoever looks after the signer finds the line in its record.
alerts-why-signer-away = The signer has not answered for more than a quarter of an hour. Papers are in force, and are sealed when it is back; lists of what was revoked run out meanwhile. See whether its process runs, and whether it has its database and its master key.
alerts-why-audit-not-sound = A year was to be archived, and the record is not what was written down: rows were changed, or are missing. Nothing was archived. Run jebena audit verify, and compare with a backup and with heads that were kept elsewhere.
alerts-why-archive-faulty = The file of an archived year was read before the year was to be dropped, and is not what was written. Nothing was dropped. Put the file back from a backup.
alerts-subject-user = A person
alerts-subject-keys = Keys
alerts-subject-network = A network
alerts-subject-invitation = An invitation
alerts-subject-certificate = A certificate
alerts-subject-signer = The signer
alerts-subject-record = The record
alerts-keys-of = Keys of { $holder }
alerts-network-note = Several names were tried from there. Its address is kept in the record's personal part alone.
alerts-measure-failures = { $count ->
    [one] { $figure } failed sign-in
   *[other] { $figure } failed sign-ins
}
alerts-measure-changes = { $count ->
    [one] { $figure } change
   *[other] { $figure } changes
}
alerts-measure-rows = { $count ->
    [one] { $figure } row
   *[other] { $figure } rows
}
alerts-measure-files = { $count ->
    [one] { $figure } file
   *[other] { $figure } files
}
alerts-measure-uses = { $count ->
    [one] { $figure } use of keys
   *[other] { $figure } uses of keys
}
alerts-measure-findings = { $count ->
    [one] { $figure } finding
   *[other] { $figure } findings
}
alerts-from = an alert from { $threshold } on
alerts-from-usual = an alert from { $threshold } on; { $usual } are usual
alerts-about-you = about you
alerts-no-account = A name that no account has
alerts-is-open = Waits to be acknowledged
alerts-in-the-record = What the record has of it
alerts-hidden = part of a case

alerts-denied-permission = outside their role
alerts-denied-step = not theirs to do
alerts-denied-form-token = a form of another session
alerts-denied-foreign-site = a form of another site

alerts-hour = Hour
alerts-events = Events
alerts-hours-day = Events on record by the hour, from { $from } to { $until }
alerts-hours-week = Events on record by the hour of the day, the last seven days together
alerts-hour-refused = { $events }, of which { $refused } refused

alerts-acknowledge = Acknowledge
alerts-note = What you have found out
alerts-note-hint = Whom you have asked, what it was, and what was done about it. It stays with the alert.
alerts-acknowledged = The alert is acknowledged. If it happens again, another one is raised.
alerts-already = This alert was acknowledged meanwhile.
alerts-not-about-oneself = This alert is about you, or about something that you have done. Somebody else acknowledges it: another administrator of your organisation, or who runs the system.
