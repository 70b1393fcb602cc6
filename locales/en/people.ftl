### Coming in: self-registration of exporters, invitations, the people of one's own organisation.

register-title = Register as an exporter
register-lead = For firms, unions and farmers that export Ethiopian coffee. You will fill in your profile next; the Coffee and Tea Authority then decides on it.
register-staff = Staff of an organisation that is here already are invited by its administrator.
register-firm = Your business
register-person = You
register-account = Your account
register-full-name = Your full name
register-submit = Register
register-done = Your firm is registered. Sign in as { $username } and go on with its profile.
sign-in-register = Register as an exporter

account-username = User name
account-username-hint = 3 to 80 of a–z, 0–9, dot, dash and underscore.
account-password = New password
account-password-hint = At least { $least } characters; several words are easiest to remember.
account-password-again = New password, once more

problem-username-shape = Use 3 to 80 of a–z, 0–9, dot, dash and underscore.
problem-username-taken = This user name is taken. Choose another.
problem-password-guessable = This password is easy to guess: a common one, or made of names and words that others know. Take several words that have nothing to do with each other or with you.
problem-password-differs = This differs from the first one.
problem-email-shape = Write an e-mail address, such as name@firm.example.
problem-email-taken = This address cannot be used. If you have registered before, sign in.

field-business-name = Name of the business
field-business-type = Kind of business
field-email = E-mail

business-type-private = Individual or sole trader
business-type-trade-association = Union or association
business-type-joint-stock = Share company
business-type-llc = Private limited company
business-type-farmer = Farmer exporting their own coffee

nav-staff = Staff
staff-title = Staff
staff-name = Name
staff-role = Role
staff-account = Account
staff-last-login = Last signed in
staff-never = never
staff-active = active
staff-inactive = disabled
staff-enable = Enable
staff-disable = Disable
staff-until = Valid until
staff-withdraw = Withdraw
staff-open-invitations = Invited
staff-invite-title = Invite a colleague
staff-invite-lead = Your colleague gets a link that works once and for seven days, and chooses user name and password with it.
staff-invite = Invite
staff-invited = { $name } is invited.
staff-invited-by-mail = { $name } is invited, and a mail with the link is on its way.
staff-email-hint = The link is mailed there, and nobody else sees it. Without an address you are shown the link.
staff-invited-link = The link is shown only now; give it to your colleague in person or by a channel that you trust: { $link }
staff-withdrawn = The invitation of { $name } is withdrawn.
staff-enabled = { $name } may sign in again.
staff-disabled = { $name } may no longer sign in, and is signed out.
staff-invited-open = See the open invitation to this address
problem-invited-already = Somebody is invited at this address already. Withdraw that invitation first, or wait until it is over.
staff-erased = This person was erased and cannot be let in again. Whoever is to work here anew is invited.
staff-not-oneself = You cannot disable your own account. A colleague with your role can.

invitation-title = You are invited
invitation-lead = Choose the user name and the password with which you will sign in.
invitation-organization = Organisation
invitation-submit = Create my account
invitation-done = Your account is there. Sign in.
invitation-gone = This link was used, withdrawn, or is more than seven days old. Ask your administrator for another.

account-title = Your account
sessions-title = Where you are signed in
sessions-lead = A session ends { $idle } minutes after it was last used, and after { $hours } hours in any case. You can be signed in at { $most } places at once; beyond that the longest unused one ends. End what you do not recognise.
sessions-end-others = End all others
sessions-ended = Other sessions that have ended: { $count }.
sessions-of-staff = Who is signed in
sessions-of-staff-lead = Ending a session signs that person out there at once. Who should not come in again is disabled on the staff page.
session-device = Device
session-device-unknown = An unknown device
session-address = Address
session-begun = Signed in
session-last = Last used
session-here = this one
session-end = End
session-ended = The session of { $name } has ended.
account-change-password = Change password
account-change-password-lead = Afterwards you are signed in here only: your sessions at other places end.
account-password-current = Current password
account-password-wrong = This is not your current password.
account-password-of-demo = The accounts of the demonstration share one password, so that everybody can use them. An account that you register or are invited to has one of its own.
account-password-changed = Your password is changed, and you are signed out everywhere else.
