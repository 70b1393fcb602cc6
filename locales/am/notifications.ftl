### What people are told, and how they want to hear of it. Everything in this file is awaiting native review.

notifications-title = ማሳወቂያዎች
notifications-unread = ያልተነበቡ
notifications-all = ሁሉም
notifications-only-unread = ያልተነበቡ
notifications-what = ምን ተከሰተ
notifications-when = መቼ
notifications-mailed = ኢሜይል
notifications-new = አዲስ
notifications-critical = አስፈላጊ
notifications-empty = እስካሁን ምንም የለም
notifications-empty-unread = ያልተነበበ የለም
notifications-empty-text = በጉዳዮችዎና በማመልከቻዎችዎ ላይ የሚሆነው እዚህ ይታያል።
notifications-mark-all = ሁሉንም እንደተነበበ ምልክት አድርግ
notifications-all-read = ሁሉም እንደተነበበ ምልክት ተደርጓል።
notifications-settings = የማሳወቂያ ምርጫዎች
notifications-settings-lead = ስለምን እና እንዴት መስማት እንደሚፈልጉ። ኢሜይል የሚሄደው የእርስዎ መሆኑ ወደተረጋገጠ አድራሻ ብቻ ነው።
notifications-in-list = በዝርዝሩ
notifications-by-mail = በኢሜይል
notifications-shown = ይታያል
notifications-hidden = አይታይም
notifications-times = ኢሜይል መቼ ይመጣል
notifications-quiet-hint = በጸጥታ ሰዓታት ኢሜይል አይመጣም፤ እስኪያበቁ ይጠብቃል። ሰዓታቱ የአዲስ አበባ (EAT) ናቸው።
notifications-quiet-from = ጸጥታ ከ
notifications-quiet-until = ጸጥታ እስከ
notifications-no-quiet = የጸጥታ ሰዓት የለም
notifications-digest-hour = የዕለቱ ኢሜይል በ
notifications-always = በዝርዝሩ፣ እንዲሁም ወዲያውኑ በኢሜይል
notifications-always-why = አንድ ሰው እርምጃ መውሰድ ስላለበት ሊዘጋ አይችልም፤ የጸጥታ ሰዓትንም አይጠብቅም።
notifications-save = አስቀምጥ
notifications-saved = ምርጫዎ ተቀምጧል።
notifications-quiet-same = ጸጥታ ከሚጀምርበት ሌላ ሰዓት ይምረጡ።
notifications-digest-quiet = ከጸጥታ ሰዓታትዎ ውጭ የሆነ ሰዓት ይምረጡ።

notification-mail-immediate = ወዲያውኑ
notification-mail-digest = በዕለቱ ኢሜይል
notification-mail-off = ኢሜይል የለም

notification-event-case-waiting = ጉዳይ በወረፋዎ ይጠብቃል
notification-event-case-approved = የወጪ ንግድዎ አንድ ደረጃ ጸድቋል
notification-event-case-returned = የወጪ ንግድዎ ከጥያቄ ጋር ተመልሷል
notification-event-case-rejected = የወጪ ንግድዎ ውድቅ ተደርጓል
notification-event-case-shipped = ጭነት መርከብ ላይ ነው
notification-event-case-completed = የወጪ ንግድዎ ተጠናቋል
notification-event-case-cancelled = የወጪ ንግድ ተሰርዟል
notification-event-case-message = በጉዳይ ላይ መልእክት ተጽፏል
notification-event-application-decided = ስለ ማመልከቻዎ፣ ዕጣዎ ወይም ውልዎ ተወስኗል
notification-event-security-alert = የደህንነት ማንቂያ
notification-event-certificate-asked = ስለ ምስክር ወረቀት ውሳኔ ተጠይቋል
notification-event-certificate-decided = ስለ ድርጅትዎ የምስክር ወረቀት ወይም ስለ ጠየቀው ተወስኗል
notification-event-certificate-ends = የድርጅትዎ የምስክር ወረቀት ያበቃል
notification-event-certificate-ends-elsewhere = የአንድ ድርጅት የምስክር ወረቀት በአሥራ አራት ቀናት ውስጥ ያበቃል
notification-event-document-infected = ያመጡት ፋይል ተበክሏል
notification-event-role-changed = ሚና ሲሰጥዎ ወይም ሲያበቃ

notification-line-role-granted = ከአሁን ጀምሮ የ{ $role } ሚና አለዎት
notification-line-role-granted-until = እስከ { $until } መጨረሻ የ{ $role } ሚና አለዎት
notification-line-role-granted-from = ከ{ $from } ጀምሮ የ{ $role } ሚና ይኖርዎታል
notification-line-role-granted-from-until = ከ{ $from } እስከ { $until } መጨረሻ የ{ $role } ሚና ይኖርዎታል
notification-line-role-delegated = ከ{ $from } እስከ { $until } መጨረሻ የባልደረባዎን ሥራ እንደ { $role } ይሠራሉ
notification-line-role-ended = የ{ $role } ሚናዎ አብቅቷል
notification-line-role-delegation-ended = የባልደረባዎን ሥራ እንደ { $role } ከእንግዲህ አይሠሩም
notification-line-case-waiting = { $number } በወረፋዎ ይጠብቃል፦ { $stage }
notification-line-case-approved = { $number } ጸድቋል፦ { $stage }
notification-line-case-returned = { $number } ከጥያቄ ጋር ተመልሶልዎታል፦ { $stage }
notification-line-case-rejected = { $number } ውድቅ ተደርጓል፦ { $stage }
notification-line-case-shipped = { $number } መርከብ ላይ ነው
notification-line-case-completed = { $number } ተጠናቋል
notification-line-case-cancelled = { $number } ተሰርዟል
notification-line-case-message = በ{ $number } ላይ አዲስ መልእክት
notification-line-application-decided = { $subject }፦ { $action }
notification-line-security-alert = የደህንነት ማስጠንቀቂያ፦ { $rule }
notification-line-certificate-asked = { $organization } የምስክር ወረቀት ይጠይቃል
notification-line-certificate-act-asked = { $organization } ስለ ምስክር ወረቀት ውሳኔ ይጠይቃል፦ { $act }
notification-line-certificate-act-decided = የምስክር ወረቀት { $act }፦ { $verdict }
notification-line-certificate-act-done = በምስክር ወረቀት ላይ የተፈጸመ፦ { $act }
notification-line-certificate-decided = የድርጅትዎ የምስክር ወረቀት ጥያቄ፦ { $verdict }
notification-line-certificate-ends = የድርጅትዎ የምስክር ወረቀት በ{ $day } ያበቃል፦ ቀጣዩን ይጠይቁ
notification-line-certificate-ended = የድርጅትዎ የምስክር ወረቀት በ{ $day } አብቅቷል፦ ሌላ ይጠይቁ
notification-line-certificate-ends-elsewhere = የ{ $organization } የምስክር ወረቀት በ{ $day } ያበቃል
notification-line-certificate-ended-elsewhere = የ{ $organization } የምስክር ወረቀት በ{ $day } አብቅቷል
notification-line-document-infected = ያመጡት ጎጂ ፋይል ተገኝቶ ተዘግቷል፦ { $document }። ኮምፒውተርዎን ያስመርምሩ፣ ጤናማ ፋይልም ያምጡ

mail-notification-text =
    ውድ { $name }፣

    { $line }
    { $at }

    እዚህ ይመልከቱት፦
    { $link }

    ስለምን እና እንዴት እንደሚሰሙ ይምረጡ፦
    { $settings }
mail-digest-subject = ጀበና፦ ያላነበቧቸው ማሳወቂያዎች ({ $count })
mail-digest-text =
    ውድ { $name }፣

    እስካሁን ያላነበቡት ይህ ነው፦

    { $lines }

    ሁሉንም ለማየትና እንደተነበበ ምልክት ለማድረግ፦
    { $link }

    ስለምን እና እንዴት እንደሚሰሙ ይምረጡ፦
    { $settings }
mail-digest-more = እና ሌሎች { $count }።
