### Mails, and the page of a demonstration that shows them. Everything in this file is awaiting native review.

mails-title = ኢሜይሎች
mails-lead = ይህ ማሳያ ኢሜይል አይልክም። ይላክ የነበረው ሁሉም እንዲያነበው እዚህ ይታያል።
mails-empty = እስካሁን ኢሜይል የለም
mails-empty-text = ባልደረባን በኢሜይል ይጋብዙ፤ ኢሜይሉ በሰከንዶች ውስጥ እዚህ ይታያል።
mails-head-subject = ርዕስ
mails-head-to = ለ
mails-head-at = የተላከበት
mail-status-waiting = ኢሜይል በመንገድ ላይ
mail-status-sent = ኢሜይል ተልኳል
mail-status-needless = ኢሜይል አያስፈልግም
mail-status-refused = ኢሜይል ሊደርስ አልቻለም

mail-invitation-subject = { $organization } ወደ ጀበና ጋብዞዎታል
mail-invitation-text =
    ውድ { $name }፣

    { $organization } በኢትዮጵያ ቡና ወጪ ንግድ ሥርዓት በጀበና እንዲሠሩ ይጋብዝዎታል። የሥራ ድርሻዎ፦ { $role }።

    የተጠቃሚ ስምዎንና የይለፍ ቃልዎን እዚህ ይምረጡ፦
    { $link }

    አገናኙ አንድ ጊዜ እስከ { $until } ይሠራል። ስለምን እንደሆነ ካላወቁ ምንም አያድርጉ፤ ያለ እርስዎ መለያ አይፈጠርም።
mail-password-reset-subject = ለጀበና አዲስ የይለፍ ቃል ይምረጡ
mail-password-reset-text =
    ውድ { $name }፣

    ለመለያዎ { $username } አዲስ የይለፍ ቃል ተጠይቋል። የጠየቁት እርስዎ ከሆኑ እዚህ ይምረጡ፦
    { $link }

    አገናኙ አንድ ጊዜ ለ{ $minutes } ደቂቃዎች ይሠራል። እርስዎ ካልሆኑ ምንም አያድርጉ፤ የይለፍ ቃልዎ እንዳለ ይቆያል።
mail-password-changed-subject = የጀበና የይለፍ ቃልዎ ተቀይሯል
mail-password-changed-text =
    ውድ { $name }፣

    የመለያዎ { $username } የይለፍ ቃል አሁን ተቀይሯል። የቀየሩት እርስዎ ከሆኑ ምንም ማድረግ አያስፈልግም።

    እርስዎ ካልሆኑ ወዲያውኑ ሌላ ይምረጡ፤ ለድርጅትዎ አስተዳዳሪም ያሳውቁ፦
    { $link }
mail-role-delegated-subject = ለጊዜው የባልደረባዎን ሥራ ይሠራሉ
mail-role-delegated-text =
    ውድ { $name }፣

    { $absent } በማይኖሩበት ጊዜ ከ{ $from } እስከ { $until } መጨረሻ የ{ $role } ሚና አለዎት። በራሱ ያበቃል።
    በዚያ ጊዜ የሚሠሩት በስምዎ ይመዘገባል። እዚህ ያገኙታል፦
    { $link }

mail-data-copy-subject = የመረጃዎ ቅጂ ዝግጁ ነው
mail-data-copy-text =
    ውድ { $name }፣

    የጠየቁት የመረጃዎ ቅጂ ዝግጁ ነው። እስከ { $until } አንድ ጊዜ እዚህ ማውረድ ይችላሉ፦
    { $link }

    እርስዎ ካልጠየቁ የይለፍ ቃልዎን ይቀይሩ፣ ለድርጅትዎ አስተዳዳሪም ይንገሩ።

mail-erasure-asked-subject = መረጃዎ እንዲጠፋ መፈለግዎን ያረጋግጡ
mail-erasure-asked-text =
    ክቡር/ክብርት { $name }፣

    ስለ እርስዎ የተያዘው እንዲጠፋ ጠይቀዋል። ለማረጋገጥ ይህን አገናኝ በ{ $hours } ሰዓታት ውስጥ ይከተሉ፦
    { $link }

    እርስዎ ካልጠየቁ አገናኙን አይከተሉ፤ የይለፍ ቃልዎን ይቀይሩና ለድርጅትዎ አስተዳዳሪ ይንገሩ።
mail-erasure-confirmed-subject = መረጃዎ ይጠፋል
mail-erasure-confirmed-text =
    ክቡር/ክብርት { $name }፣

    መረጃዎ እንዲጠፋ መፈለግዎን አረጋግጠዋል። በ{ $due } ይፈጸማል። እስከዚያ እዚህ መተው ይችላሉ፦
    { $link }
mail-erasure-refused-subject = መረጃዎ አልጠፋም
mail-erasure-refused-text =
    ክቡር/ክብርት { $name }፣

    መረጃዎ ሊጠፋ ነበር፤ ግን አልተቻለም፦
    { $reason }

    እንደገና እዚህ መጠየቅ ይችላሉ፦
    { $link }
mail-erasure-done-subject = መረጃዎ ጠፍቷል
mail-erasure-done-text =
    ጤና ይስጥልኝ፣

    ስለ እርስዎ የተያዘው ጠፍቷል፤ ይህ አድራሻም። የምስክር ወረቀቱ ቁጥር { $number } ሲሆን እዚህ ይገኛል፦
    { $link }
