### The front door, the overview, the help page, the guided tour.

landing-title = An export gets done when seven desks agree
landing-lead = A coffee export needs the exporter’s bank, the National Bank, the Coffee and Tea Authority, the exchange, a shipping line and customs to agree, one after another. Here each of them has its own desk, and the export moves from one to the next.
landing-promise = Every step is on record: who decided what, when and why. Papers carry a code that anybody can scan.
landing-tour = Take the guided tour
landing-people = Sign in as …
landing-way = The way of an export
landing-password = Every account of this demonstration has the password “{ $password }”.
tour-title = One export, from request to proceeds
tour-lead = Follow one export through every desk. Each step signs you in as the person whose turn it is; come back to this page for the next.
tour-sign-in = Sign in as { $username }
dashboard-oldest = Waiting longest
dashboard-none = Nothing to show.
help-work-title = How the work goes
help-work-queue = Your inbox holds every export that waits for your organisation, oldest first. An export is in exactly one organisation’s inbox at a time.
help-work-claim = Take a case before you work on it, so that no colleague does the same. A supervisor can hand it over when you are away.
help-work-decide = Approve, send back with a question, or reject. Whoever sends back or rejects gives a reason; the exporter reads it, corrects and submits again.
help-work-eyes = Nobody decides on their own request, and nobody decides two steps of one export. Above a certain value a second officer confirms.
help-trouble-title = When something does not work
help-trouble-conflict = “It has changed in the meantime” means that a colleague was quicker. Nothing of yours was stored: look at the case again and decide anew.
help-trouble-offline = When the line breaks, send the form again. However often it is sent, it counts once.
help-shortcuts-on = Single keys move through lists and cases: press ? on any page to see them.
help-shortcuts-off = Single-key shortcuts are off for you.
help-shortcuts-disable = Switch them off
help-shortcuts-enable = Switch them on
help-shortcuts-visitor = Sign in to use single-key shortcuts.
help-contacts = Whom to ask
