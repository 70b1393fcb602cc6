### The page of a case.

case-way = The way of this export
case-queue = In your queue
case-position = { $at } of { $all } in your queue
case-previous = Previous
case-next = Next
case-changed = This case has changed since you opened it.
case-ended = You are signed out. What you have typed still stands here: copy it before you sign in again.
case-checks = Checks
case-facts-trade = The trade
case-facts-coffee = The coffee
case-commercial = Commercial papers
case-papers = Papers
case-claim = Who works on it
case-unclaimed = Nobody has taken it yet.
case-hand-over = Hand over
case-hand-over-to = Hand over to
case-documents = Documents
case-documents-manage = Attach and manage
case-document-alone = Open it alone
case-timeline = What happened
case-messages = Messages
case-messages-none = Nobody has written anything yet.
case-message-label = Write to all parties of this export
case-cancel = Cancel this export
case-cancel-lead = The export ends here, for good. What it has reserved of lot, contract and quota is released, and an unused permit is cancelled.
case-cancel-submit = Cancel the export
