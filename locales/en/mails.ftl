### Mails, and the page of a demonstration that shows them.

mails-title = Mails
mails-lead = This demonstration sends no mail. What would have been sent stands here, for everybody to read.
mails-empty = No mails yet
mails-empty-text = Invite a colleague by e-mail, and the mail appears here within seconds.
mails-head-subject = Subject
mails-head-to = To
mails-head-at = Sent
mail-status-waiting = mail on its way
mail-status-sent = mail sent
mail-status-needless = mail not needed
mail-status-refused = mail could not be delivered

mail-invitation-subject = You are invited to Jebena by { $organization }
mail-invitation-text =
    Dear { $name },

    { $organization } invites you to work in Jebena, the system for Ethiopian coffee exports. Your role there: { $role }.

    Choose your user name and password here:
    { $link }

    The link works once, until { $until }. If you do not know what this is about, do nothing: without you no account is made.
mail-password-reset-subject = Choose a new password for Jebena
mail-password-reset-text =
    Dear { $name },

    Somebody has asked for a new password for your account { $username }. If that was you, choose it here:
    { $link }

    The link works once, for { $minutes } minutes. If it was not you, do nothing: your password stays as it is.
mail-password-changed-subject = Your password for Jebena was changed
mail-password-changed-text =
    Dear { $name },

    The password of your account { $username } was changed just now. If that was you, there is nothing to do.

    If it was not you, choose another at once, and tell the administrator of your organisation:
    { $link }
mail-role-delegated-subject = You do a colleague’s work for a while
mail-role-delegated-text =
    Dear { $name },

    While { $absent } is absent you have the role { $role }, from { $from } to the end of { $until }. It ends by itself.
    What you do then is on record as yours. You see it here:
    { $link }

mail-data-copy-subject = The copy of your data is ready
mail-data-copy-text =
    Dear { $name },

    The copy of your data that you have asked for is ready. You can download it here, once, until { $until }:
    { $link }

    If you have not asked for it, change your password and tell the administrator of your organisation.

mail-erasure-asked-subject = Confirm that you want to be erased
mail-erasure-asked-text =
    Dear { $name },

    You have asked that what is kept of you be erased. To confirm it, follow this link within { $hours } hours:
    { $link }

    If you have not asked for it, do not follow the link, change your password and tell the administrator of your organisation.
mail-erasure-confirmed-subject = You will be erased
mail-erasure-confirmed-text =
    Dear { $name },

    You have confirmed that you want to be erased. It will be done on { $due }. Until then you can withdraw it here:
    { $link }
mail-erasure-refused-subject = You were not erased
mail-erasure-refused-text =
    Dear { $name },

    You were to be erased, and could not be:
    { $reason }

    You can ask for it again here:
    { $link }
mail-erasure-done-subject = You were erased
mail-erasure-done-text =
    Good day,

    what was kept of you is erased, and this address with it. The certificate has the number { $number } and is here:
    { $link }
