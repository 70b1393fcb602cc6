### Signing in and out.

sign-in-title = Sign in
sign-in-lead = With the account that your organisation's staff administrator has set up for you.
sign-in-username = User name
sign-in-password = Password
sign-in-button = Sign in
sign-in-failed = The user name or the password is not right, or the account is disabled.
sign-in-missing-username = Enter your user name
sign-in-missing-password = Enter your password
sign-in-busy = Many people are signing in just now. Try again in a few seconds.
sign-in-closed = Too many attempts have failed. Try again in { $minutes } min.
sign-in-signed-out = You are signed out.
sign-in-demo = In this demonstration you can also choose a person.
sign-in-forgotten = I have forgotten my password
forgotten-title = Forgotten password
forgotten-lead = Enter your user name. If the account has an e-mail address that is known to be yours, a link goes there with which you choose a new password; it works for { $minutes } minutes.
forgotten-without-mail = This site sends no mail. Ask the administrator of your organisation, who has another link made for you by whoever runs this site.
forgotten-submit = Send me a link
forgotten-asked = If that account can be written to, a mail is on its way. Nothing after a few minutes? Look among unwanted mail, or ask your administrator.
new-password-title = Choose a new password
new-password-lead = Afterwards you are signed out everywhere, and sign in with the new one.
new-password-submit = Set the password
new-password-set = Your password is changed. Sign in with it.
new-password-gone = This link was used already. Ask for another if you need one.

kept-form-title = You are signed in
kept-form-lead = What you had typed was not sent yet. Send it now, or go back.
kept-form-send = Send it
