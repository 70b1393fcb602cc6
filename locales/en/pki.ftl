### Certificates: what there is, requests for them, who approves, keys and lists.

nav-certificates = Certificates
pki-title = Certificates
pki-lead = Who seals papers here, and the consortium’s own certificates. What ends next comes first.
pki-lead-own = With these certificates your organisation seals its papers.
pki-none = No certificates
pki-none-text = Nothing fits these filters, or no certificate has been issued yet.
pki-none-own-text = Your organisation has no certificate yet. Ask for one: until then its papers carry no seal.
pki-nobody = Nobody signs here: this site has no signer, or its authority has not been set up. Who runs the system sets it up; until then there are no certificates.
pki-away = The signer does not answer at the moment. Nothing is lost. Try again in a minute; if it stays so, tell who runs the system.
pki-consortium = The consortium
pki-within = within { $days ->
    [one] a day
   *[other] { $days } days
}
pki-days = { $days ->
    [one] one day left
   *[other] { $days } days left
}
pki-under-rule = Rule of approval, version { $version }
pki-for-days = { $days } days from issue
pki-and-others = { " " }and { $count } more
pki-calendar = When certificates end
pki-calendar-none = No certificate ends
pki-calendar-none-text = None of those shown is in force.
pki-own-none = Your organisation has no seal in force. Its papers are issued without one until it has: ask for it.
pki-own-asked = Your organisation has asked for a certificate. See how the request stands.
pki-own-holds = Your organisation seals its papers. Its certificate holds until { $day }.
pki-own-ends = The certificate of your organisation ends on { $day }. Ask for another one now, so that it is approved in time.

pki-head-holder = Holder
pki-head-kind = Kind
pki-head-serial = Serial number
pki-head-from = From
pki-head-until = Until
pki-head-left = Days left
pki-head-state = State
pki-head-month = Month
pki-head-ends = Certificates
pki-head-whose = Whose
pki-head-when = When
pki-head-what = What
pki-head-who = Who
pki-head-why = Why
pki-head-key = Key
pki-head-asked = Asked for
pki-head-approvals = Approvals
pki-head-list = List
pki-head-number = Number
pki-head-entries = Certificates on it
pki-head-made = Made
pki-head-next = Next at the latest
pki-head-of = Key
pki-head-begun = Begun
pki-head-progress = Done
pki-head-failed = Failed

pki-state-in-force = In force
pki-state-ending = In force, ends soon
pki-state-not-yet = Not in force yet
pki-state-suspended = Suspended
pki-state-revoked = Revoked
pki-state-expired = Expired
pki-state-means-holds = { $state }: what is sealed with it now holds.
pki-state-means-over = { $state }: nothing is sealed with it now. What was sealed while it was in force is told by each paper’s own page.

pki-kind-root-ca = Root authority
pki-kind-issuing-ca = Issuing authority
pki-kind-organization-seal = Seal of an organisation
pki-kind-officer = Officer
pki-kind-ocsp-responder = Answers about certificates
pki-kind-time-stamping = Time stamps
pki-kind-trust-list = List of trust
pki-purpose-root-ca = Issues the certificate of the issuing authority, and lists of what it revoked
pki-purpose-issuing-ca = Issues certificates, and lists of what it revoked
pki-purpose-organization-seal = Seals and signs papers of its organisation
pki-purpose-officer = Signs as one officer of an organisation
pki-purpose-ocsp-responder = Answers whether single certificates are revoked
pki-purpose-time-stamping = States when something was there
pki-purpose-trust-list = Signs the list of who may seal

pki-fact-holder = Holder
pki-fact-kind = Kind
pki-fact-subject = Names
pki-fact-issuer = Issued by
pki-fact-key = Key
pki-fact-purpose = Purpose
pki-fact-serial = Serial number
pki-fact-sha256 = SHA-256
pki-fact-from = From
pki-fact-until = Until
pki-fact-sealed = Papers sealed with it
pki-fact-made = Key
pki-fact-validity = For how long
pki-fact-asked = Asked for
pki-fact-digest = Digest of what will be issued
pki-fact-approvals = Approvals
pki-fact-approvers = Who may approve
pki-fact-rejected = Why it was rejected

pki-download-der = Download (.cer)
pki-download-pem = Download (.pem)
pki-life = What happened
pki-event-asked = Asked for
pki-event-issued = Issued
pki-event-suspended = Suspended
pki-event-revoked = Revoked
pki-invalid-from = Its signatures are not to be relied on since { $at }
pki-reason-unspecified = No reason is given
pki-reason-key-compromise = Somebody else has the key, or may have
pki-reason-ca-compromise = Somebody else has the authority’s key, or may have
pki-reason-affiliation-changed = Its holder belongs elsewhere now
pki-reason-superseded = Another certificate stands in its place
pki-reason-cessation-of-operation = It is not used any more
pki-reason-certificate-hold = Suspended for the time being
pki-reason-privilege-withdrawn = Its holder may not seal any more
pki-reason-aa-compromise = Somebody else has a key of those who vouch for its holder

pki-requests-title = Requests
pki-requests-lead = Organisations ask for their seals; people of other organisations approve. What waits for a decision comes first.
pki-requests-none = No requests
pki-requests-none-text = Nobody has asked for a certificate, or nothing fits the filter.
pki-request-title = Request of { $organization }
pki-to-certificate = To the certificate
pki-standing-open = Waits
pki-standing-issuing = Being issued
pki-standing-issued = Issued
pki-standing-rejected = Rejected
pki-standing-withdrawn = Given up
pki-standing-expired = Over
pki-standing-means-open = It waits for decisions: { $given } of { $needed } organisations have approved. After thirty days without, it is over.
pki-standing-means-issuing = Enough have approved. The certificate is being issued; load this page again in a minute. If it does not come, who runs the system finds the reason among the jobs.
pki-standing-means-issued = The certificate has been issued.
pki-standing-means-rejected = The request was rejected. Another one can be made.
pki-standing-means-withdrawn = Who asked gave the request up.
pki-standing-means-expired = Nobody has decided in time. Another request can be made.
pki-decisions = Decisions
pki-decisions-none = No decision yet
pki-decisions-none-text = Nobody has approved or rejected the request.
pki-verdict-approved = Approved
pki-verdict-rejected = Rejected
pki-verdict-withdrawn = Given up

pki-approve-title = Approve
pki-approve = Approve exactly this
pki-digest-field = What you approve
pki-digest-hint = The digest is over holder, names, key and time. It is what the requester sees on this page: compare it with them before you approve.
pki-digest-missing = Mark the digest that you approve
pki-reject-title = Reject
pki-reject = Reject the request
pki-reason-field = Why it is rejected
pki-reason-hint = 10 to 500 characters. Whoever sees the request reads it.
pki-withdraw-title = Give the request up
pki-withdraw = Give it up
pki-approved = Your approval is on record. Another organisation has to approve as well.
pki-approved-last = Your approval is on record. The certificate is being issued.
pki-rejected = The request is rejected.
pki-withdrawn = The request is given up.
pki-refusal-requester = You have asked for this certificate yourself. Others have to approve it.
pki-refusal-own-organization = Your own organisation asks for this certificate. People of other organisations have to approve it.
pki-refusal-not-an-approver = The rule for this request names other organisations as those who approve.
pki-refusal-same-person = You have decided about this request already. Another person has to approve as well.
pki-refusal-same-organization = Somebody of your organisation has decided already. Another organisation has to approve as well.
pki-refusal-other-digest = What you approved is not what will be issued. Nothing was recorded as your approval. Look at the request again.
pki-refusal-closed = The request is decided. Nothing can be added.
pki-refusal-not-theirs = Only who asked for the certificate can give the request up.

pki-ask = Ask for a certificate
pki-ask-next = Ask for the next certificate
pki-ask-title = Ask for the seal of your organisation
pki-ask-lead = With its seal your organisation’s papers prove themselves. People of other organisations have to approve it, so tell them; they hear of it here as well.
pki-ask-submit = Ask for it
pki-asked = The certificate is asked for. People of other organisations have to approve it.
pki-ask-refused = The signer takes no such request. Who runs the system finds the reason in its log.
pki-open-already = Your organisation has asked for a certificate already, and the request is not decided.
pki-key-field = Where the key is
pki-key-here = Made here
pki-key-here-hint = The key is made by the signer and never leaves it. This is what seals papers here.
pki-key-elsewhere = Made elsewhere
pki-key-elsewhere-hint = You have a key of your own and paste a request of it. Papers here are not sealed with it.
pki-name-field = What the certificate calls the seal
pki-name-hint = Of a key made here: at most 64 Latin or Ethiopic letters. A request that was made elsewhere brings its own.
pki-years-field = For how long
pki-years = { $years ->
    [one] one year
   *[other] { $years } years
}
pki-csr-field = The request (PKCS#10)
pki-csr-hint = Of a key made elsewhere: as text, from “-----BEGIN CERTIFICATE REQUEST-----” to the end. An ECDSA key on P-256 is taken; country, organisation and number are those known here.

pki-flaw-too-long = The request is longer than any may be.
pki-flaw-not-a-request = This is no request (PKCS#10) as text, or something stands behind it. Paste the whole of it and nothing else.
pki-flaw-version = The request is of another version. Make it anew with a common program such as OpenSSL.
pki-flaw-weak-key = The key is too weak. Make an ECDSA key on P-256.
pki-flaw-other-key = The key is of another kind. Make an ECDSA key on P-256.
pki-flaw-other-curve = The key lies on another curve. Make one on P-256, named and not described.
pki-flaw-not-a-point = The key is no point of its curve, or is compressed. Make the request anew with the point not compressed.
pki-flaw-other-algorithm = The request is signed in another way. Sign it by ECDSA with SHA-256.
pki-flaw-signature = The request is not signed by its key. Make it anew.
pki-flaw-known-key = The key is that of another request or certificate. Make a new key.
pki-flaw-no-name = The request names nobody. Give it a common name (CN).
pki-flaw-name-twice = A part of the name stands twice. Give each once.
pki-flaw-name-part = The name has a part that is not issued. Give C, O, organizationIdentifier and CN alone.
pki-flaw-foreign-name = The name is of another organisation or country. Leave them out, or give those known here.
pki-flaw-name-length = A part of the name is empty, has spaces around it or is longer than 64 characters.
pki-flaw-name-encoding = A part of the name is not in UTF-8. Make the request with UTF-8.
pki-flaw-name-unseen = The name has a character that cannot be seen or that turns the direction of reading. Type it anew.
pki-flaw-name-look-alike = The name has letters that are taken for others. Latin and Ethiopic letters are issued.
pki-flaw-authority = The request asks for the certificate of an authority. Leave CA out.
pki-flaw-further-names = The request asks for further names (subjectAltName). Leave them out.
pki-flaw-other-use = The request asks for uses of the key that are not issued. Leave them out.
pki-flaw-extension = The request asks for an extension that is not issued. Leave it out.
pki-flaw-twice = A part of the request stands twice or cannot be read. Make it anew.
pki-flaw-attribute = The request has an attribute that is not known, such as a password. Leave it out.

pki-keys-title = Keys and lists
pki-keys-lead = How the lists of what was revoked stand, and how far keys are being replaced. Keys themselves are shown to nobody.
pki-keys-good = Lists are up to date, nothing is being replaced for longer than it should, and no certificate ends within thirty days.
pki-warn-list = A list of what was revoked is overdue: strangers cannot check certificates until there is another. See whether the signer runs.
pki-warn-rotation = A replacement of keys has gone on for more than a day. Whoever began it can give the same command again: it goes on where it stopped.
pki-warn-failed = Keys did not open while they were replaced. Whoever looks after the signer finds them in its record.
pki-warn-ending = { $count ->
    [one] One certificate ends within thirty days.
   *[other] { $count } certificates end within thirty days.
}
pki-lists = Lists of what was revoked
pki-lists-none = No lists
pki-list-none = none yet
pki-list-good = up to date
pki-list-overdue = overdue
pki-delta = { $authority }, changes since the last whole list
pki-rotations = Replaced keys
pki-rotations-none = No keys were replaced
pki-rotations-none-text = Whoever looks after the signer replaces keys by its command line (jebena rotate).
pki-key-master = Master key
pki-key-data = Data key: { $holder }
pki-rotation-scheduled = As planned
pki-rotation-manual = By hand
pki-rotation-compromise = In an emergency
pki-rotation-emergency = In an emergency
pki-rotation-status-in-progress = under way
pki-rotation-status-completed = done
pki-rotation-status-failed = failed
pki-rotation-status-rolled-back = taken back
