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
problem-password-is-username = The password is your user name, which others know. Choose another.
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
business-type-farmer = Farmer exporting the own coffee

nav-staff = Staff
staff-title = Staff
staff-name = Name
staff-role = Role
staff-account = Account
staff-last-login = Last signed in
staff-active = active
staff-inactive = disabled
staff-enable = Enable
staff-disable = Disable
staff-until = Valid until
staff-withdraw = Withdraw
staff-open-invitations = Invited
staff-invite-title = Invite a colleague
staff-invite-lead = You get a link that works once and for seven days. Give it to your colleague in person or by a channel that you trust; with it they choose user name and password.
staff-invite = Invite
staff-invited = { $name } is invited.
staff-invited-link = The link is shown only now: { $link }
staff-withdrawn = The invitation of { $name } is withdrawn.
staff-enabled = { $name } may sign in again.
staff-disabled = { $name } may no longer sign in, and is signed out.
staff-not-oneself = You cannot disable your own account. A colleague with your role can.

invitation-title = You are invited
invitation-lead = Choose the user name and the password with which you will sign in.
invitation-organization = Organisation
invitation-submit = Create my account
invitation-done = Your account is there. Sign in.
invitation-gone = This link was used, withdrawn, or is more than seven days old. Ask your administrator for another.
