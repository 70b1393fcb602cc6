### The second step of signing in: setting it up, giving a code, recovery codes.

factor-title = Second step of signing in
factor-lead = With a second step nobody comes in with your password alone: after it you give six digits that an app on your phone shows.
factor-lead-required = Your role decides or administers, so it needs a second step: after your password you give six digits that an app on your phone shows. Until you have set it up, nothing else is open to you.
factor-closed = It cannot be set up here: whoever runs this system has not prepared it.
factor-since = Your second step is set up since
factor-codes-left = Recovery codes left: { $left }.
factor-make-codes = Make new recovery codes
factor-remove = Remove the second step
factor-remove-means = From then on your password alone lets anybody in who knows it. Your recovery codes and passkeys go with it, and you are signed out everywhere else.
factor-removed = You sign in with your password alone again, and are signed out everywhere else.
factor-begin = Set up the second step
factor-begin-another = Set it up anew
factor-begin-lead = Give your password, then scan a code with an authenticator app.
factor-begin-again = What was set up before holds until the new one is confirmed.
factor-begun-over = That took too long. Give your password and scan a new code.
factor-of-demo = The accounts of the demonstration are everybody's, so nobody sets up a second step there or takes one away. An account that you register or are invited to can have one.
factor-scan-title = Scan and confirm
factor-scan = Scan this with the authenticator app on your phone.
factor-qr = Code for the authenticator app
factor-secret = If you cannot scan it, type this into the app:
factor-code = Code
factor-code-hint = The six digits that your app shows now, or one of your recovery codes. Each works once.
factor-first-code-hint = The six digits that your app shows now.
factor-code-wrong = This code is not right, or was used already. Wait for the next one.
factor-confirm = Confirm
factor-codes-title = Your { $count } recovery codes
factor-codes-lead = Print these or write them down, and keep them apart from your phone. Each lets you in once when the phone is lost. They are not shown again; those from before no longer work.
factor-codes-made-already = These recovery codes are made already, and are shown once. Those that you were shown count. Without them, make others.
factor-codes-kept = I have kept them
factor-sign-in-title = Enter your code
factor-sign-in-lead = Your password is right. Now the second step.
factor-sign-in-over = Sign in again: too many codes were wrong, or it took too long.
factor-again-title = Confirm that it is you
factor-again-lead = This act weighs much, and you last gave a code a while ago. Give one again; nothing that you have typed is lost.
factor-again-submit = Confirm and go on

staff-reset-factor = Reset second step
staff-factor-reset = The second step of { $name } is taken away, and { $name } is signed out. Make sure that it was { $name } who asked.

mail-factor-set-subject = The second step of your account in Jebena was set up
mail-factor-set-text =
    Dear { $name },

    A second step of signing in was set up for your account { $username } just now. If that was you, there is nothing to do.

    If it was not you, tell the administrator of your organisation at once.
mail-factor-removed-subject = The second step of your account in Jebena was taken away
mail-factor-removed-text =
    Dear { $name },

    The second step of signing in to your account { $username } was taken away just now, by you or by an administrator of your organisation. You can set it up again here:
    { $link }

    If you have not asked for it, tell the administrator of your organisation at once.
mail-codes-made-subject = New recovery codes for your account in Jebena
mail-codes-made-text =
    Dear { $name },

    New recovery codes were made for your account { $username } just now; those from before no longer work. If that was you, there is nothing to do.

    If it was not you, tell the administrator of your organisation at once.
mail-code-used-subject = A recovery code of your account in Jebena was used
mail-code-used-text =
    Dear { $name },

    Somebody has signed in to your account { $username }, or confirmed an act, with a recovery code. Codes left: { $left }. New ones can be made here:
    { $link }

    If it was not you, change your password at once, and tell the administrator of your organisation.
passkeys-title = Passkeys
passkeys-lead = With a passkey you confirm with a fingerprint, your face or the PIN of a device instead of typing digits. It stands beside the app on your phone, which you keep for the day on which the device is not at hand.
passkeys-enough = You have as many passkeys as an account can have. Remove one to add another.
passkey-name = Name of the device
passkey-name-hint = So that you know it again, for example: Office computer
passkey-name-taken = You have a passkey of this name already. Give another name.
passkey-needs-script = This browser cannot make a passkey here: it needs JavaScript and a recent version. Codes work without.
passkey-refused = The device’s answer could not be accepted. Try again, and do not leave the page open for more than five minutes.
passkey-add = Add a passkey
passkey-added = The passkey “{ $name }” is yours. You are signed out everywhere else.
passkey-remove = Remove
passkey-removed = The passkey “{ $name }” no longer opens anything. You are signed out everywhere else.
passkey-made = Added
passkey-used = last used
passkey-use = Use a passkey
passkey-failed = The device did not answer, or you stopped it. Try again, or use a code.
mail-passkey-added-subject = A passkey was added to your account in Jebena
mail-passkey-added-text =
    Dear { $name },

    A passkey was added to your account { $username } just now. If that was you, there is nothing to do. You see your passkeys here:
    { $link }

    If it was not you, tell the administrator of your organisation at once.
mail-passkey-removed-subject = A passkey of your account in Jebena was removed
mail-passkey-removed-text =
    Dear { $name },

    A passkey of your account { $username } was removed just now. If that was you, there is nothing to do. You see your passkeys here:
    { $link }

    If it was not you, tell the administrator of your organisation at once.
factor-code-hint-demo = In this demonstration the page says what elsewhere only the person’s phone knows: the code is now { $code }. Each is taken once; the next comes within thirty seconds.
