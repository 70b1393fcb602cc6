### For how long what is kept. Everything in this file is awaiting native review.

retention-title = የማቆያ ጊዜ
retention-lead = እያንዳንዱ ዓይነት መዝገብ ለምን ያህል ጊዜና በምን መሠረት እንደሚቆይ፣ ከዚያም ምን እንደሚሆን። ለሰዓታት የሚቆዩት በየዐሥር ደቂቃው፣ ሌሎቹ በቀን አንድ ጊዜ ይወገዳሉ።
retention-lead-count = ቆጠራ ምንም አያስወግድም፦ ቀጣዩ ዙር የሚያስወግደውን ብቻ ይናገራል።
retention-policies = የሚቆዩ መዝገቦች
retention-runs = የመጨረሻ ዙሮች
retention-none = ገና ምንም የለም
retention-none-text = የተመዘገበ ዙር የለም።
retention-count-title = የሚወገደውን መቁጠር
retention-count = አሁን ቁጠር
retention-count-asked = እየተቆጠረ ነው። ከጥቂት ጊዜ በኋላ ገጹን እንደገና ይክፈቱ።
retention-rows = { $rows ->
    [one] 1 መዝገብ
   *[other] { $rows } መዝገቦች
}
retention-kept-with = የሚመለከተው ነገር እስካለ ድረስ
retention-kept-at-once = ሲያበቃ ይወገዳል
retention-kept-minutes = { $number ->
    [one] 1 ደቂቃ
   *[other] { $number } ደቂቃ
}
retention-kept-hours = { $number ->
    [one] 1 ሰዓት
   *[other] { $number } ሰዓት
}
retention-kept-days = { $number ->
    [one] 1 ቀን
   *[other] { $number } ቀን
}
retention-kept-years = { $number ->
    [one] 1 ዓመት ({ $days } ቀን)
   *[other] { $number } ዓመት ({ $days } ቀን)
}
retention-dry = ተቆጥሯል ብቻ
retention-real = ተወግዷል
retention-broken-off = አልተጠናቀቀም
retention-cause-schedule = ጊዜው ደርሶ
retention-cause-person = ሰው
retention-cause-command = የሥርዓቱ አስተዳዳሪ በትእዛዝ
retention-head-class = መዝገቦች
retention-head-kept = የማቆያ ጊዜ
retention-head-basis = መሠረት
retention-head-method = ከዚያ
retention-head-due = አሁን የሚወገድ
retention-head-last = መጨረሻ የተወገደ
retention-head-began = የተጀመረበት
retention-head-mode = የተደረገው
retention-head-by = በማን
retention-head-counted = ጊዜው የደረሰ
retention-head-removed = የተወገደ
retention-method-delete = ይወገዳል
retention-method-clear = ከፊሉ ይወገዳል
retention-method-detach = ወደ ማኅደር ይገባል
retention-method-keep = ይቆያል
retention-class-ended-sessions = ጊዜያቸው ያበቃ ክፍለ ጊዜዎች
retention-class-silent-sessions = እንቅስቃሴ የሌለባቸው ክፍለ ጊዜዎች
retention-class-unfinished-sign-ins = ኮድ ያልገባባቸው የመግቢያ ሙከራዎች
retention-class-passkey-questions = የይለፍ ቁልፍ ለያዙ መሣሪያዎች የቀረቡ ጥያቄዎች
retention-class-sign-in-attempts = ያልተሳኩ የመግቢያ ሙከራዎች
retention-class-request-counts = የጥያቄዎች ቆጠራ
retention-class-taken-copies = የወረዱ የግል መረጃ ፋይሎች
retention-class-expired-copies = ያልወረዱ የግል መረጃ ፋይሎች
retention-class-last-addresses = መረጃቸው የጠፋ ሰዎች አድራሻ፣ ለመጨረሻው ኢሜይል
retention-class-outbox = የተላለፉ ክስተቶች
retention-class-form-answers = ለቅጾች የተሰጡ መልሶች
retention-class-done-jobs = የተጠናቀቁ ሥራዎች
retention-class-security-activity = የደኅንነት ቆጠራ በየሰዓቱ
retention-class-password-resets = የአዲስ የይለፍ ቃል ጥያቄዎች
retention-class-email-confirmations = እንዲረጋገጡ የተጠየቁ አድራሻዎች
retention-class-origins = ከመዝገቡ ጎን ያሉ አድራሻዎችና ማሰሻዎች
retention-class-known-devices = የተገባባቸው መሣሪያዎች
retention-class-notifications = ማሳወቂያዎች
retention-class-mails = የተላኩ ኢሜይሎች
retention-class-ended-jobs = ያልተሳኩ ወይም የተሰረዙ ሥራዎች
retention-class-data-copies = የግል መረጃ ቅጂ ጥያቄዎች
retention-class-unused-invitations = ማንም ያልተቀበላቸው ግብዣዎች
retention-class-retention-runs = የዚህ ገጽ ዙሮች
retention-class-event-details = የመዝገቡ ግላዊ ክፍሎች
retention-class-security-events = መዝገቡ፦ ደኅንነትና አስተዳደር
retention-class-business-events = መዝገቡ፦ ተገዢነትና ግብይት
retention-class-security-alerts = የደኅንነት ማስጠንቀቂያዎች
retention-class-legal-holds = ሕጋዊ እግዶች
retention-class-trade = ወጪ ንግዶች፣ ማመልከቻዎችና ሰነዶች
retention-class-accounts = መለያዎች

### Years of the record.

archives-title = የመዝገቡ ማኅደር
archives-lead = መዝገቡ በዓመት በዓመት ይወሰዳል። የተገዢነት ወይም የግብይት ክስተት ያለበት ዓመት ካበቃ በኋላ ለ{ $business }፣ ሌላው ለ{ $others } ይቆያል። ከዚያ መዝገቡ ሁሉ ይመረመራል፣ ዓመቱ ከአሻራው ጋር ወደ ፋይል ይጻፋል፣ ከለውጥ ይጠበቃል፣ ከዚያም ይነጠላል።
archives-lead-drop = የተነጠለው የሚወገደው አንድ አስተዳዳሪ ሲጠይቅ፣ ሌላው ሲስማማና ፋይሉ እንደገና ሲነበብ ነው። ማኅተሞቹ ይቀራሉ፦ ሰንሰለቱ እስከ መጀመሪያው ሊመረመር ይችላል።
archives-archived = በማኅደር ያሉ ዓመታት
archives-attached = በመዝገቡ ያሉ ዓመታት
archives-none = የለም
archives-none-text = ጊዜው ያለፈ ዓመት የለም።
archive-held = በዚህ ዓመት ውስጥ ባለው ላይ ሕጋዊ እግድ አለ፦ ወደ ማኅደር አይገባም፣ አይወገድምም።
archive-own-request = የጠየቁት እርስዎ ነዎት። ሌላ አስተዳዳሪ መስማማት አለበት።
archive-moved-on = ምንም አልተቀየረም፦ ማኅደሩ አሁን “{ $state }” ላይ ነው።
archive-drop-reason = ክፍሉ የሚወገድበት ምክንያት
archive-drop-reason-hint = ይመዘገባል። ፋይሉ ይቀራል።
archive-drop-asked = ሌላ አስተዳዳሪ እንዲስማማ ተጠይቋል።
archive-drop-approved = ፋይሉ እንደገና ተነቦ ክፍሉ ይወገዳል።
archive-drop-withdrawn = የማስወገድ ጥያቄው ተነሥቷል።
archive-act-drop = እንዲወገድ ጠይቅ
archive-act-approval = እንዲወገድ ተስማማ
archive-act-withdrawal = ጥያቄውን አንሣ
archive-state-exported = ወደ ፋይል ተጽፏል
archive-state-detached = ተነጥሏል
archive-state-drop-asked = ሁለተኛ አስተዳዳሪ ይጠብቃል
archive-state-drop-approved = በመወገድ ላይ
archive-state-dropped = በፋይሉ ብቻ
archive-head-year = ዓመት
archive-head-from = ከ
archive-head-until = እስከ
archive-head-events = ክስተቶች
archive-head-state = ሁኔታ
archive-head-kept = ግብይት ካለበት የሚቆይበት ቀን
archive-year = የ{ $year } መዝገብ
archive-fact-partition = ሰንጠረዥ
archive-fact-state = ሁኔታ
archive-fact-from = ከ
archive-fact-until = እስከ
archive-fact-events = ክስተቶች
archive-fact-numbers = ቁጥሮች
archive-fact-written = ፋይሉ የተጻፈበት
archive-fact-size = መጠን በባይት
archive-fact-sha256 = የፋይሉ SHA-256
archive-fact-head = የዚያን ጊዜ የሰንሰለቱ ጫፍ
archive-fact-detached = የተነጠለበት
archive-fact-asked = እንዲወገድ የጠየቀ
archive-fact-reason = ምክንያት
archive-fact-approved = የተስማማ
archive-fact-dropped = የተወገደበት

### Legal holds.

holds-title = ሕጋዊ እግዶች
holds-lead = እግድ የተጣለበትን ወጪ ንግድ፣ ድርጅት ወይም ሰው የሚመለከተው ሁሉ እግዱ እስካለ ድረስ ይቆያል፦ አይወገድም፣ ወደ ማኅደር አይገባም፣ እንዳይታወቅ አይደረግም። እግዱን የሚያነሣው እግዱን ከጣለው ሌላ አስተዳዳሪ ነው።
holds-none = ሕጋዊ እግድ የለም
holds-none-text = ምንም እንዲቆይ የጠየቀ የለም።
hold-place-title = እግድ መጣል
hold-place = እግዱን ጣል
hold-subject-field = እግዱ የሚጣልበት
hold-subject-export = ወጪ ንግድ
hold-subject-organization = ድርጅት
hold-subject-person = ሰው
hold-subject-wrong = እግዱ የሚጣልበትን ይምረጡ
hold-name = ቁጥር፣ ኮድ ወይም የተጠቃሚ ስም
hold-name-hint = ለወጪ ንግድ ቁጥሩ፣ ለድርጅት ኮዱ፣ ለሰው የተጠቃሚ ስሙ
hold-name-wrong = እግዱ የሚጣልበትን ይግለጹ
hold-name-unknown = በዚህ ስም የሚጠራ የለም
hold-reason = ምክንያት
hold-reason-hint = ማን እንደጠየቀና በየትኛው ሕግ። ይመዘገባል።
hold-lift-hint = ማን እንዳለና መቼ። ይመዘገባል።
hold-already = እግድ አስቀድሞ ተጥሎበታል።
hold-placed = እግዱ ተጥሏል።
hold-lift-title = እግዱን ማንሣት
hold-lift = አንሣ
hold-lift-reason = ከእንግዲህ መቆየት የማያስፈልግበት ምክንያት
hold-lifted = እግዱ ተነሥቷል።
hold-lifted-already = እግዱ አስቀድሞ ተነሥቷል።
hold-own = ይህን እግድ የጣሉት እርስዎ ነዎት። ሌላ አስተዳዳሪ ሊያነሣው ይገባል።
hold-stands = ጸንቷል
hold-is-lifted = ተነሥቷል
hold-head-subject = በ
hold-head-state = ሁኔታ
hold-head-placed = የተጣለበት
hold-head-by = በማን
hold-head-reason = ምክንያት
hold-head-lifted = የተነሣበት
hold-head-lifted-by = ያነሣው
hold-head-lift-reason = የተነሣበት ምክንያት
