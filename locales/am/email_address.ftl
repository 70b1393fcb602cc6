### የኢሜይል አድራሻ። Everything in this file is awaiting native review.

email-title = የኢሜይል አድራሻ
email-address = የኢሜይል አድራሻ
email-address-now = የሚጻፍልዎ በ
email-none = የለም
email-unconfirmed = ገና አልተረጋገጠም
email-confirmed-at = { $at } ተረጋግጧል
email-lead = ወደሚሰጡት አድራሻ አገናኝ ይላካል። በ{ $hours } ሰዓታት ውስጥ ከተከተሉት በኋላ፣ ለአዲስ የይለፍ ቃል አገናኞችና የሚነገርዎ ሁሉ ወደዚያ ይላካሉ።
email-without-mail = ይህ ጣቢያ ኢሜይል አይልክም፤ ስለዚህ አድራሻ ማረጋገጥ አይቻልም። ሌላ መግቢያ መንገድ የድርጅትዎን አስተዳዳሪ ይጠይቁ።
email-ask = አገናኙን ላክ
email-asked = አገናኝ ወደ { $email } በመንገድ ላይ ነው። አድራሻውን ለማረጋገጥ ይከተሉት፤ ከጥቂት ደቂቃዎች በኋላ ካልደረሰ ያልተፈለጉ ኢሜይሎችን ይመልከቱ።
email-is-yours = ይህ አድራሻ አስቀድሞ ተረጋግጧል።
email-of-demo = የማሳያው መለያዎች የሁሉም ናቸው፤ ስለዚህ አንዳቸውም አድራሻ የላቸውም። የሚመዘግቡት ወይም የሚጋበዙበት መለያ ሊኖረው ይችላል።
email-confirm-title = የኢሜይል አድራሻዎን ያረጋግጡ
email-confirm-lead = ይህ አድራሻዎና መለያዎ ነው? እንግዲያው ያረጋግጡት።
email-confirm = አድራሻውን አረጋግጥ
email-confirmed = የኢሜይል አድራሻዎ ተረጋግጧል።
email-taken = ይህ አድራሻ አስቀድሞ የሌላ መለያ ነው። በዚያ መለያ ይግቡ፣ ወይም ሌላ አድራሻ ይስጡ።

mail-email-confirmation-subject = ለጀበና የኢሜይል አድራሻዎን ያረጋግጡ
mail-email-confirmation-text =
    ውድ { $name }፣

    ይህ አድራሻ ለመለያ { $username } ተሰጥቷል። እርስዎ ከሆኑ በ{ $hours } ሰዓታት ውስጥ ያረጋግጡት፦
    { $link }

    እርስዎ ካልሆኑ ምንም ማድረግ አያስፈልግም፤ ያለ እርስዎ ምላሽ ሌላ ምንም ወደዚህ አይላክም።
mail-email-replaced-subject = በጀበና ያለው መለያዎ ሌላ የኢሜይል አድራሻ አለው
mail-email-replaced-text =
    ውድ { $name }፣

    ለመለያዎ { $username } ከአሁን ጀምሮ በሌላ አድራሻ ይጻፋል። እርስዎ ከሆኑ ምንም ማድረግ አያስፈልግም። መለያዎ እዚህ ነው፦
    { $link }

    እርስዎ ካልሆኑ ወዲያውኑ ለድርጅትዎ አስተዳዳሪ ይንገሩ።
