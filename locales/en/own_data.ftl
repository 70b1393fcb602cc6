### A person's copy of their data, and the register of what is kept.

own-data-title = Your data
own-data-lead = You can have a copy of everything that is kept here with your name on it: your account, where and when you signed in, what you have done and decided, what you have written, and the documents that you handed in. It is one ZIP file, with each kind of record as JSON and as CSV.
own-data-lead-life = Putting it together takes a few minutes. It can then be downloaded once, for 24 hours; whom we can write to gets a mail. Business figures of your organisation are not in it.
own-data-register-link = What is kept, and why
own-data-copies = Copies that you have asked for
own-data-none = No copy yet
own-data-none-text = Ask for one below.
own-data-head-asked = Asked for
own-data-head-state = State
own-data-head-size = Size
own-data-head-until = Until
own-data-head-sha256 = SHA-256
own-data-head-source = Record
own-data-head-purpose = What for
own-data-head-basis = Legal basis
own-data-head-kept = Kept for
own-data-head-told = Told in the copy
own-data-state-being-made = being put together
own-data-state-ready = ready
own-data-state-taken = downloaded
own-data-state-expired = expired
own-data-state-failed = failed: ask again
own-data-progress = { $done } of { $total } kinds of records
own-data-download-title = Your copy is ready
own-data-download = Download the ZIP file
own-data-ask-title = Ask for a copy
own-data-ask = Put my copy together
own-data-password-hint = So that nobody who finds your browser open takes your data along.
own-data-asked = Your copy is being put together. Load this page again in a few minutes.
own-data-under-way = A copy is being put together, or waits for you to download it.
own-data-gone = This copy has been downloaded, or its time is over. Ask for another.

own-data-register-title = What is kept of people
own-data-register-lead = Every place in the records where a person is named, what it is kept for, what allows that, and for how long. Who asks for their data is told the columns named last.
own-data-purpose-account = Having an account
own-data-purpose-administration = Running the organisation’s part of the system
own-data-purpose-correspondence = What people write to each other
own-data-purpose-operation = Making the system work
own-data-purpose-security = Security: keeping others out, and knowing who was in
own-data-purpose-trade = The exports: who has done and decided what
own-data-basis-legal-obligation = A law demands the record
own-data-basis-legitimate-interest = Everybody’s interest in a safe system
own-data-basis-service = Use of the system for one’s organisation
own-data-kept-with-account = as long as there is the account
own-data-kept-hours-12 = 12 hours
own-data-kept-days-7 = 7 days
own-data-kept-days-30 = 30 days
own-data-kept-days-90 = 90 days
own-data-kept-year-1 = a year
own-data-kept-years-7 = 7 years

own-data-readme =
    A copy of what Jebena keeps of { $name } ({ $username }), made on { $at }.

    records/    each kind of record that names you, as JSON and as CSV; long ones go on in -2, -3 and so on
    documents/  { $files } documents that you handed in
    register.json  for each kind of record: what it is kept for, what allows it, how long, and which columns you are told

    The kinds of records with the number of yours, what they are kept for, and how long:
