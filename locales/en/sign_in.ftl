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
