### What every page shares: the shell, names of organisations, roles, states, stages and steps.

app-name = Jebena
app-tagline = Coffee exports, from request to proceeds

shell-skip = Skip to the main content
shell-navigation = Main
shell-sign-out = Sign out
shell-language = Language
shell-read-only = Read-only mode: everything can be read and printed, nothing can be changed for now.
shell-search = Search by reference
shell-demo-label = Demonstration
shell-demo = Demonstration: invented firms and figures. Nothing here is a real export.
shell-announcement = Announcement
shell-help = Help
shell-version = Version { $version }
shell-signed-in-as = Signed in as { $name }
shell-connection-lost = The server did not answer. What you typed is still here; try again in a moment.
shell-retry = Reload the page
shell-ended = You are signed out. What you have typed still stands here: send it, and you are asked to sign in first.
shell-idle = Nothing has happened here for a while. In five minutes you are signed out.
shell-idle-stay = Stay signed in

nav-inbox = Inbox
nav-dashboard = Overview
nav-exports = Exports
nav-help = Help
nav-sign-in = Sign in

common-optional = optional
common-error-summary = There is a problem
common-error-prefix = Error:
common-success = Done
common-notice = Please note
common-problem = Not done
common-newer = Newer
common-older = Older
common-pages = Pages
common-back = Back
common-done-step = done
common-current-step = now
common-open-step = to come
common-failed-step = sent back

organization-kind-exporter = Exporter
organization-kind-commercial-bank = Commercial bank
organization-kind-national-bank = National Bank of Ethiopia
organization-kind-ecta = Ethiopian Coffee and Tea Authority
organization-kind-ecx = Ethiopia Commodity Exchange
organization-kind-shipping-line = Shipping line
organization-kind-customs = Customs Commission
organization-kind-auditor = Auditor
organization-kind-administration = Administration

role-owner = Owner
role-clerk = Clerk
role-officer = Officer
role-supervisor = Supervisor
role-org-admin = Staff administrator
role-auditor = Auditor
role-system-admin = System administrator

status-pending = Pending
status-fx-approved = FX approved
status-fx-rejected = FX rejected
status-quality-certified = Quality certified
status-quality-rejected = Quality rejected
status-shipment-scheduled = Shipment scheduled
status-shipped = Shipped
status-completed = Completed
status-cancelled = Cancelled

stage-preparation = Preparation
stage-bank-check = Bank check
stage-fx = Foreign exchange
stage-quality = Quality
stage-permit = Export permit
stage-scheduling = Scheduling
stage-clearance = Customs clearance
stage-loading = Loading
stage-origin-signature = Origin: customs signature
stage-origin = Certificate of origin
stage-settlement = Settlement
stage-returned = Returned to the exporter
stage-closed = Closed

step-bank-check = Check the documents
step-fx = Approve foreign exchange
step-quality = Certify quality
step-permit = Issue the export permit
step-shipment = Schedule the shipment
step-customs = Clear through customs
step-loading = Confirm loading
step-origin-signature = Sign for customs
step-origin = Issue the certificate of origin
step-settlement = Complete with the settlement

nav-lots = Lots
nav-papers = Papers
nav-system = System

shortcuts-title = Keyboard shortcuts
shortcuts-move = Next and previous row
shortcuts-open = Open the row
shortcuts-neighbours = Next and previous case of the queue
shortcuts-approve = Go to “approve”
shortcuts-reject = Go to the reason, to reject or send back
shortcuts-search = Search
shortcuts-help = This list
shortcuts-close = Close
shortcuts-off = They can be switched off:

common-any = Any
common-apply = Apply
common-cancel = Cancel
common-clear = Clear the filters
common-actions = Actions
common-download-csv = Download CSV
common-filter = Filter
common-send = Send
organization-task-exporter = Requests exports, attaches documents, answers questions.
organization-task-commercial-bank = Checks the documents, and completes the export with its settlement.
organization-task-national-bank = Approves foreign exchange.
organization-task-ecta = Certifies quality, issues the export permit and the certificate of origin.
organization-task-ecx = Keeps the lots and the warehouse receipts.
organization-task-shipping-line = Schedules vessel and containers, confirms loading.
organization-task-customs = Clears the export and signs for its origin.
organization-task-auditor = Reads everything, changes nothing.
organization-task-administration = Runs the system; decides no export.
