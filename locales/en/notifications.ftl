### What people are told, and how they want to hear of it.

notifications-title = Notifications
notifications-unread = unread
notifications-all = All
notifications-only-unread = Unread
notifications-what = What happened
notifications-when = When
notifications-mailed = Mail
notifications-new = New
notifications-critical = Important
notifications-empty = Nothing yet
notifications-empty-unread = Nothing unread
notifications-empty-text = What happens to your cases and applications appears here.
notifications-mark-all = Mark all as read
notifications-all-read = Everything is marked as read.
notifications-settings = Notification settings
notifications-settings-lead = What you want to hear of, and how. Mails go only to an address that is known to be yours.
notifications-in-list = In the list
notifications-by-mail = By mail
notifications-shown = Shown
notifications-hidden = Not shown
notifications-times = When mails come
notifications-quiet-hint = Between the quiet hours no mail comes; it waits until they are over. Hours are those of Addis Ababa (EAT).
notifications-quiet-from = Quiet from
notifications-quiet-until = Quiet until
notifications-no-quiet = No quiet hours
notifications-digest-hour = Mail of the day at
notifications-always = In the list, and by mail at once
notifications-always-why = Somebody has to act on it, so it cannot be switched off and does not wait for quiet hours.
notifications-save = Save
notifications-saved = Your choice is saved.
notifications-quiet-same = Choose another hour than the one at which quiet begins.
notifications-digest-quiet = Choose an hour outside your quiet hours.

notification-mail-immediate = At once
notification-mail-digest = In the mail of the day
notification-mail-off = No mail

notification-event-case-waiting = A case waits in your queue
notification-event-case-approved = A step of your export is approved
notification-event-case-returned = Your export is sent back with a question
notification-event-case-rejected = Your export is rejected
notification-event-case-shipped = An export is on board
notification-event-case-completed = Your export is completed
notification-event-case-cancelled = An export is cancelled
notification-event-case-message = Somebody has written on a case
notification-event-application-decided = A desk has decided about your application, lot or contract
notification-event-security-alert = A security alert
notification-event-certificate-asked = A decision about a certificate is asked for
notification-event-certificate-decided = Something was decided about a certificate of your organisation, or that it asked for
notification-event-certificate-ends = The certificate of your organisation ends
notification-event-certificate-ends-elsewhere = The certificate of an organisation ends within fourteen days
notification-event-document-infected = A file that you have brought is infected
notification-event-role-changed = A role is given to you, or ends

notification-line-role-granted = You have the role { $role } from now on
notification-line-role-granted-until = You have the role { $role } to the end of { $until }
notification-line-role-granted-from = You will have the role { $role } from { $from } on
notification-line-role-granted-from-until = You will have the role { $role } from { $from } to the end of { $until }
notification-line-role-delegated = You do a colleague’s work as { $role } from { $from } to the end of { $until }
notification-line-role-ended = Your role { $role } has ended
notification-line-role-delegation-ended = You no longer do a colleague’s work as { $role }
notification-line-case-waiting = { $number } waits in your queue: { $stage }
notification-line-case-approved = { $number } is approved: { $stage }
notification-line-case-returned = { $number } is sent back to you with a question: { $stage }
notification-line-case-rejected = { $number } is rejected: { $stage }
notification-line-case-shipped = { $number } is on board
notification-line-case-completed = { $number } is completed
notification-line-case-cancelled = { $number } is cancelled
notification-line-case-message = New message on { $number }
notification-line-application-decided = { $subject }: { $action }
notification-line-security-alert = Security alert: { $rule }
notification-line-certificate-asked = { $organization } asks for a certificate
notification-line-certificate-act-asked = { $organization } asks for a decision about a certificate: { $act }
notification-line-certificate-act-decided = { $act } of a certificate: { $verdict }
notification-line-certificate-act-done = Done with a certificate: { $act }
notification-line-certificate-decided = The request for your organisation’s certificate: { $verdict }
notification-line-certificate-ends = The certificate of your organisation ends on { $day }: ask for the next one
notification-line-certificate-ended = The certificate of your organisation ended on { $day }: ask for another one
notification-line-certificate-ends-elsewhere = The certificate of { $organization } ends on { $day }
notification-line-certificate-ended-elsewhere = The certificate of { $organization } ended on { $day }
notification-line-document-infected = A harmful file of yours was found and locked away: { $document }. Have your computer checked, and bring a sound file

mail-notification-text =
    Dear { $name },

    { $line }
    { $at }

    See it here:
    { $link }

    Choose what you hear of, and how:
    { $settings }
mail-digest-subject = Jebena: what you have not read ({ $count })
mail-digest-text =
    Dear { $name },

    This is what you have not read yet:

    { $lines }

    Everything, and marking it as read:
    { $link }

    Choose what you hear of, and how:
    { $settings }
mail-digest-more = And { $count } more.
