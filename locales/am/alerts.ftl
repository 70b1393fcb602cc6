### ደኅንነት፦ ማስጠንቀቂያዎችና አኃዞች። Everything in this file is awaiting native review.

nav-security = ደኅንነት
alerts-title = ደኅንነት
alerts-lead = መዝገቡ የሚያሳየውና አንድ ሰው ሊያየው የሚገባ፣ እንዲሁም የተከለከለው። አኃዞቹ ጥቂት ሰከንዶች ያለፋቸው ናቸው።
alerts-lead-own = መዝገቡ ስለ ድርጅትዎ ሰዎች የሚያሳየውና አንድ ሰው ሊያየው የሚገባ፣ እንዲሁም የተከለከሉት። አኃዞቹ ጥቂት ሰከንዶች ያለፋቸው ናቸው።
alerts-periods = ጊዜ
alerts-period-24h = ባለፉት 24 ሰዓታት
alerts-period-7d = ባለፉት 7 ቀናት
alerts-open = ክፍት ማስጠንቀቂያዎች
alerts-failures = ያልተሳኩ መግቢያዎች
alerts-denials = የተከለከሉ ሙከራዎች
alerts-exports = የተወሰዱ ዝርዝሮችና ሪፖርቶች
alerts-sign-ins = መግቢያዎች
alerts-sessions = አሁን ክፍት የሆኑ ክፍለ ጊዜያት

alerts-part-open = ክፍት ማስጠንቀቂያዎች
alerts-part-failures = የመጨረሻ ያልተሳኩ መግቢያዎች
alerts-part-denials = የመጨረሻ የተከለከሉ ሙከራዎች
alerts-part-acknowledged = የታዩ ማስጠንቀቂያዎች
alerts-part-evidence = ያስነሳው
alerts-part-empty-open = የሚጠብቅ ማስጠንቀቂያ የለም
alerts-part-empty-failures = በዚህ ጊዜ ያልተሳካ መግቢያ የለም
alerts-part-empty-denials = በዚህ ጊዜ የተከለከለ ሙከራ የለም
alerts-part-empty-acknowledged = እስካሁን የታየ ማስጠንቀቂያ የለም
alerts-part-empty-evidence = ስለ እሱ የተቀመጠ የለም
alerts-more = የመጨረሻዎቹ { $rows } ይታያሉ።

alerts-head-alert = ማስጠንቀቂያ
alerts-head-about = ስለ
alerts-head-counted = የተቆጠረው
alerts-head-last = መጨረሻ የታየው
alerts-head-by = ያየው
alerts-head-note = ማስታወሻ
alerts-head-at = መቼ
alerts-head-account = የተሞከረው መለያ
alerts-head-address = ከየት
alerts-head-person = ሰው
alerts-head-why = ለምን
alerts-head-facts = ዝርዝሮች
alerts-head-event = የሆነው
alerts-head-done-by = ያደረገው
alerts-head-organization = ድርጅት
alerts-head-severity = ክብደት
alerts-head-from = መጀመሪያ የታየው
alerts-head-raised = ማስጠንቀቂያው የተነሳው
alerts-head-state = ሁኔታ
alerts-head-record = መዝገብ

alerts-rule-failed-sign-ins = ያልተሳኩ መግቢያዎች
alerts-rule-privilege-change = የመብት ለውጥ
alerts-rule-unusual-exports = ያልተለመደ ማውረድ
alerts-rule-infected-files = የተበከሉ ፋይሎች
alerts-rule-certificate-ended = ተተኪ የሌለው የምስክር ወረቀት
alerts-rule-rotation-overdue = ያልተተካ ቁልፍ
alerts-rule-unusual-key-use = ያልተለመደ የቁልፍ አጠቃቀም
alerts-rule-list-overdue = የተሻሩት ዝርዝር ዘግይቷል
alerts-rule-signer-alarm = የፈራሚው ማንቂያ
alerts-rule-signer-away = ፈራሚው አይመልስም
alerts-rule-audit-not-sound = መዝገቡ ትክክል አይደለም
alerts-rule-archive-faulty = መዝገብ ቤቱ እንደተጻፈው አይደለም
alerts-why-failed-sign-ins = አንድ ሰው በደቂቃዎች ውስጥ ብዙ ጊዜ ለመግባት ሞክሮ አልተሳካለትም። ሰውየው እሱ መሆኑን ይጠይቁ። መለያው ለጥቂት ጊዜ በራሱ ይዘጋል።
alerts-why-privilege-change = አንድ ሰው ከበፊቱ የበለጠ ወይም ያነሰ ማድረግ ይችላል፣ ገብቷል ወይም ተዘግቶበታል፣ ወይም በሌሎች ላይ እንዲወስን ተጋብዟል። ይህ የታሰበ መሆኑን ያረጋግጡ።
alerts-why-unusual-exports = አንድ ሰው በ24 ሰዓታት ውስጥ ከተለመደው በጣም የበለጠ ወስዷል። ለምን እንደሆነ ይጠይቁ።
alerts-why-infected-files = አንድ ሰው መርማሪው ጎጂ ነገር ያገኘበትን ፋይል አምጥቷል። ፋይሉ አልተቀበለም ወይም ተዘግቷል። ይንገሯቸው፣ የመጣበትንም ኮምፒውተር ያስመርምሩ።
alerts-why-certificate-ended = አንድ የምስክር ወረቀት አብቅቷል፣ ተተኪም የለውም፤ ከእንግዲህ በእሱ አይታተምም። የድርጅት ከሆነ ሌላ እንደሚፈልግ ይጠይቁ፤ የኅብረቱ ከሆነ ፈራሚው መሥራቱን ያረጋግጡ።
alerts-why-rotation-overdue = ሌላ ቁልፍ መተካት ነበረበት። ፈራሚውን የሚያስተዳድር በትእዛዝ መስመሩ (jebena rotate) ይተካዋል።
alerts-why-unusual-key-use = ቁልፎቹ በአንድ ቀን ከዚህ በፊት ከነበረው ከፍተኛ ቀን በጣም የበለጠ ጥቅም ላይ ውለዋል። ምን እንደተፈረመባቸው ያጣሩ። ማንም መናገር ካልቻለ የምስክር ወረቀቱን ያግዱ።
alerts-why-list-overdue = የተሻሩት ሌላ ዝርዝር መውጣት ነበረበት፤ እስኪወጣ ድረስ ሌሎች የምስክር ወረቀቶችን ማረጋገጥ አይችሉም። ፈራሚው መሥራቱን ይመልከቱ።
alerts-why-signer-alarm = ፈራሚው አሳሳቢ ነገር መዝግቧል፤ ለምሳሌ ረድፉ ስለተቀየረ ወይም ስለተዛወረ የማይከፈት ቁልፍ። በእንዲህ ያለ ቁልፍ ምንም አይፈረምም። ፈራሚውን የሚያስተዳድር መስመሩን በመዝገቡ ያገኘዋል።
alerts-why-signer-away = ፈራሚው ከሩብ ሰዓት በላይ አልመለሰም። ሰነዶች ይጸናሉ፣ ሲመለስም ይታተማሉ፤ እስከዚያው የተሻሩት ዝርዝሮች ጊዜያቸው ያልፋል። ሂደቱ መሥራቱን፣ የመረጃ ቋቱና ዋናው ቁልፍ እንዳለው ይመልከቱ።
alerts-why-audit-not-sound = አንድ ዓመት ወደ መዝገብ ቤት ሊገባ ሲል መዝገቡ እንደተጻፈው ሆኖ አልተገኘም፤ ረድፎች ተቀይረዋል ወይም ጠፍተዋል። ምንም አልተዛወረም። jebena audit verify ያሂዱ፣ ከመጠባበቂያ ቅጂና ሌላ ቦታ ከተቀመጡ ማኅተሞች ጋር ያነጻጽሩ።
alerts-why-archive-faulty = ወደ መዝገብ ቤት የገባ ዓመት ፋይል ዓመቱ ሊጠፋ ሲል ተነብቦ እንደተጻፈው ሆኖ አልተገኘም። ምንም አልጠፋም። ፋይሉን ከመጠባበቂያ ቅጂ ይመልሱ።
alerts-subject-user = አንድ ሰው
alerts-subject-keys = ቁልፎች
alerts-subject-network = አንድ ኔትወርክ
alerts-subject-invitation = አንድ ግብዣ
alerts-subject-certificate = አንድ የምስክር ወረቀት
alerts-subject-signer = ፈራሚው
alerts-subject-record = መዝገቡ
alerts-keys-of = የ{ $holder } ቁልፎች
alerts-network-note = ከዚያ ብዙ ስሞች ተሞክረዋል። አድራሻው የሚቀመጠው በመዝገቡ የግል ክፍል ብቻ ነው።
alerts-measure-failures = { $count ->
    [one] { $figure } ያልተሳካ መግቢያ
   *[other] { $figure } ያልተሳኩ መግቢያዎች
}
alerts-measure-changes = { $count ->
    [one] { $figure } ለውጥ
   *[other] { $figure } ለውጦች
}
alerts-measure-rows = { $count ->
    [one] { $figure } ረድፍ
   *[other] { $figure } ረድፎች
}
alerts-measure-files = { $count ->
    [one] { $figure } ፋይል
   *[other] { $figure } ፋይሎች
}
alerts-measure-uses = { $count ->
    [one] { $figure } የቁልፍ አጠቃቀም
   *[other] { $figure } የቁልፍ አጠቃቀሞች
}
alerts-measure-findings = { $count ->
    [one] { $figure } ግኝት
   *[other] { $figure } ግኝቶች
}
alerts-from = ከ{ $threshold } ጀምሮ ማስጠንቀቂያ ነው
alerts-from-usual = ከ{ $threshold } ጀምሮ ማስጠንቀቂያ ነው፤ የተለመደው { $usual } ነው
alerts-about-you = ስለ እርስዎ
alerts-no-account = መለያ የሌለው ስም
alerts-is-open = እስኪታይ ይጠብቃል
alerts-in-the-record = መዝገቡ ስለ እሱ ያለው
alerts-hidden = የአንድ ጉዳይ አካል

alerts-denied-permission = ከሚናቸው ውጭ
alerts-denied-step = የእነርሱ ያልሆነ ተግባር
alerts-denied-form-token = የሌላ ክፍለ ጊዜ ቅጽ
alerts-denied-foreign-site = የሌላ ድረ ገጽ ቅጽ

alerts-hour = ሰዓት
alerts-events = ክስተቶች
alerts-hours-day = በመዝገቡ ያሉ ክስተቶች በሰዓት፣ ከ{ $from } እስከ { $until }
alerts-hours-week = በመዝገቡ ያሉ ክስተቶች በቀኑ ሰዓት፣ ያለፉት ሰባት ቀናት በአንድነት
alerts-hour-refused = { $events }፣ ከእነዚህ { $refused } የተከለከሉ

alerts-acknowledge = አይቻለሁ
alerts-note = ያገኙት
alerts-note-hint = ማንን እንደጠየቁ፣ ምን እንደነበረና ምን እንደተደረገ። ከማስጠንቀቂያው ጋር ይቆያል።
alerts-acknowledged = ማስጠንቀቂያው ታይቷል። እንደገና ከሆነ ሌላ ይነሳል።
alerts-already = ይህ ማስጠንቀቂያ በዚህ መካከል ታይቷል።
alerts-not-about-oneself = ይህ ማስጠንቀቂያ ስለ እርስዎ ወይም ስላደረጉት ነገር ነው። ሌላ ሰው ያየዋል፦ ሌላ የድርጅትዎ አስተዳዳሪ ወይም ሥርዓቱን የሚያስተዳድር።
