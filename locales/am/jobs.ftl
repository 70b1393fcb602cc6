### Work beside requests. Everything in this file is awaiting native review.

jobs-title = የጀርባ ሥራዎች
jobs-lead = ሥርዓቱ በራሱ የሚሠራው፦ እያንዳንዱ ሥራ አንድ ጊዜ፣ በወሰደው አገልጋይ፣ ካልተሳካም እንደገና።
jobs-empty = ሥራ የለም
jobs-empty-text = የሚስማማ ሥራ አልተመዘገበም። የተጠናቀቁ ሥራዎች ለአንድ ሳምንት፣ ያልተሳኩት ለ90 ቀናት ይቆያሉ።
jobs-schedules = በየጊዜው የሚሠሩ
jobs-every-minutes = { $minutes ->
    [one] በየደቂቃው
   *[other] በየ{ $minutes } ደቂቃው
}
jobs-every-hours = { $hours ->
    [one] በየሰዓቱ
   *[other] በየ{ $hours } ሰዓቱ
}
jobs-hasten = አሁን ይሠራ
jobs-hasten-submit = አሁን ይሠራ
job-hastened = በሰከንዶች ውስጥ ይሠራል።
jobs-entered = የገባበት
jobs-requested-by = የጠየቀው
jobs-tries = ሙከራዎች
jobs-no-tries = ገና አልተሞከረም
jobs-no-tries-text = ጊዜውን ይጠብቃል።
jobs-head-kind = ሥራ
jobs-head-status = ሁኔታ
jobs-head-due = የሚሠራበት
jobs-head-tries = ሙከራዎች
jobs-head-ended = ያበቃበት
jobs-head-every = በየስንት ጊዜ
jobs-head-next = ቀጣይ
jobs-head-try = ሙከራ
jobs-head-outcome = ውጤት
jobs-head-started = የተጀመረበት
jobs-head-report = የተገኘው
job-kind-sweep-sessions = ለሰዓታት ብቻ የሚቆዩትን ማስወገድ
job-kind-apply-retention = የማቆያ ጊዜያቸው ያለፈውን ማስወገድ
job-kind-archive-audit = የመዝገቡን ዓመታት ወደ ማኅደር ማስገባት
job-kind-drop-archive = በማኅደር ያለ ዓመትን ማስወገድ
job-kind-expire-grants = ጊዜያቸው ያለፈባቸውን መዝጋት
job-kind-reconcile-files = ፋይሎችንና መዝገቦችን ማነጻጸር
job-kind-scan-document = ሰነድ መመርመር
job-kind-fill-holidays = የሚመጡ በዓላትን ማስገባት
job-kind-send-mail = ኢሜይል መላክ
job-kind-send-digests = የዕለቱን ኢሜይሎች መላክ
job-kind-copy-personal-data = የአንድ ሰው መረጃ ማዘጋጀት
job-kind-erase-people = ቀናቸው የደረሰ ሰዎችን መረጃ ማጥፋት
job-status-waiting = በመጠበቅ ላይ
job-status-running = በሥራ ላይ
job-status-done = ተጠናቋል
job-status-failed = አልተሳካም
job-status-cancelled = ተሰርዟል
job-outcome-running = በሥራ ላይ
job-outcome-done = ተጠናቋል
job-outcome-failed = አልተሳካም
job-outcome-lost = ድምፁ ጠፍቷል
job-outcome-cancelled = ተሰርዟል
job-count-rows-due = ጊዜያቸው የደረሰ መዝገቦች
job-count-rows-removed = የተወገዱ መዝገቦች
job-count-years-archived = ወደ ማኅደር የገቡ ዓመታት
job-count-years-prepared = የተዘጋጁ ዓመታት
job-count-years-dropped = የተወገዱ ዓመታት
job-count-permits = ጊዜያቸው ያለፈ ፈቃዶች
job-count-grants = ጊዜያቸው ያለፈ ምዝገባዎች
job-count-contracts = ጊዜያቸው ያለፈ ውሎች
job-count-temporary-files = የጠፉ ያልተጠናቀቁ ፋይሎች
job-count-orphan-files = የጠፉ መዝገብ የሌላቸው ፋይሎች
job-count-rows-without-file = ፋይላቸው የጠፋ መዝገቦች
job-count-holidays = የገቡ በዓላት
job-count-mails = ኢሜይሎች
job-count-needless = ያላስፈለጉ ኢሜይሎች
job-count-people = መረጃቸው የጠፋ ሰዎች
job-count-records = መዝገቦች
job-count-files = ፋይሎች
job-count-scanned = የተመረመሩ ሰነዶች
job-count-infected = የተበከሉ
job-act-retry = እንደገና ይሞከር
job-act-cancel = ይሰረዝ
job-submit-retry = እንደገና ሞክር
job-submit-cancel = ሥራውን ሰርዝ
job-retried = ሥራው እንደገና ሠራተኛ ይጠብቃል።
job-cancelled = ሥራው ተሰርዟል።
job-moved-on = ምንም አልተቀየረም፦ ሥራው አሁን “{ $status }” ላይ ነው።
job-doubled = ምንም አልተቀየረም፦ ይህንኑ የሚሠራ ሌላ ሥራ በመጠበቅ ወይም በሥራ ላይ ነው።
