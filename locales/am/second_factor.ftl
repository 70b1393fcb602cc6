### የመግቢያ ሁለተኛ ደረጃ። Everything in this file is awaiting native review.

factor-title = የመግቢያ ሁለተኛ ደረጃ
factor-lead = ሁለተኛ ደረጃ ሲኖር በይለፍ ቃልዎ ብቻ ማንም አይገባም፤ ከእሱ በኋላ በስልክዎ ላይ ያለ መተግበሪያ የሚያሳየውን ስድስት አኃዝ ይሰጣሉ።
factor-lead-required = ሚናዎ የሚወስን ወይም የሚያስተዳድር ስለሆነ ሁለተኛ ደረጃ ያስፈልገዋል፤ ከይለፍ ቃሉ በኋላ በስልክዎ ላይ ያለ መተግበሪያ የሚያሳየውን ስድስት አኃዝ ይሰጣሉ። እስኪያዘጋጁት ድረስ ሌላ ምንም አይከፈትልዎትም።
factor-closed = እዚህ ማዘጋጀት አይቻልም፤ ሥርዓቱን የሚያንቀሳቅሰው አካል አላዘጋጀውም።
factor-since = ሁለተኛ ደረጃዎ የተዘጋጀው፦
factor-codes-left = የቀሩ የመጠባበቂያ ኮዶች፦ { $left }።
factor-make-codes = አዲስ የመጠባበቂያ ኮዶች ፍጠር
factor-remove = ሁለተኛውን ደረጃ አስወግድ
factor-removed = እንደገና በይለፍ ቃል ብቻ ይገባሉ፤ ከሌሎች ቦታዎች ሁሉ ወጥተዋል።
factor-begin = ሁለተኛውን ደረጃ አዘጋጅ
factor-begin-another = እንደ አዲስ አዘጋጅ
factor-begin-lead = የይለፍ ቃልዎን ይስጡ፣ ከዚያ በማረጋገጫ መተግበሪያ ኮድ ይቃኙ። ቀድሞ የተዘጋጀው አዲሱ እስኪረጋገጥ ድረስ ይሠራል።
factor-begun-over = ያ ረጅም ጊዜ ወስዷል። የይለፍ ቃልዎን ሰጥተው አዲስ ኮድ ይቃኙ።
factor-of-demo = የሠርቶ ማሳያው መለያዎች የሁሉም ስለሆኑ ማንም በእነሱ ላይ ሁለተኛ ደረጃ አያዘጋጅም፣ አያነሳምም። እርስዎ የሚመዘግቡት ወይም የሚጋበዙበት መለያ ሊኖረው ይችላል።
factor-scan-title = ይቃኙና ያረጋግጡ
factor-scan = ይህን በስልክዎ ላይ ባለው የማረጋገጫ መተግበሪያ ይቃኙ።
factor-qr = ለማረጋገጫ መተግበሪያው ኮድ
factor-secret = መቃኘት ካልቻሉ ይህን በመተግበሪያው ላይ ይጻፉ፦
factor-code = ኮድ
factor-code-hint = መተግበሪያዎ አሁን የሚያሳየው ስድስት አኃዝ፣ ወይም አንድ የመጠባበቂያ ኮድ። እያንዳንዱ አንድ ጊዜ ይሠራል።
factor-first-code-hint = መተግበሪያዎ አሁን የሚያሳየው ስድስት አኃዝ።
factor-code-wrong = ይህ ኮድ ትክክል አይደለም፣ ወይም ጥቅም ላይ ውሏል። ቀጣዩን ይጠብቁ።
factor-confirm = አረጋግጥ
factor-codes-title = { $count } የመጠባበቂያ ኮዶችዎ
factor-codes-lead = ያትሟቸው ወይም ይጻፏቸው፣ ከስልክዎ ተለይተውም ያስቀምጧቸው። ስልኩ ሲጠፋ እያንዳንዱ አንድ ጊዜ ያስገባዎታል። ዳግም አይታዩም፤ የቀድሞዎቹ ከእንግዲህ አይሠሩም።
factor-codes-kept = አስቀምጫቸዋለሁ
factor-sign-in-title = ኮድዎን ያስገቡ
factor-sign-in-lead = የይለፍ ቃልዎ ትክክል ነው። አሁን ሁለተኛው ደረጃ።
factor-sign-in-over = እንደገና ይግቡ፤ ብዙ ኮዶች ትክክል አልነበሩም ወይም ረጅም ጊዜ ወስዷል።
factor-again-title = እርስዎ መሆንዎን ያረጋግጡ
factor-again-lead = ይህ ተግባር ክብደት አለው፤ ኮድ ከሰጡም ቆይተዋል። እንደገና ይስጡ፤ የጻፉት ምንም አይጠፋም።
factor-again-submit = አረጋግጥና ቀጥል

staff-reset-factor = ሁለተኛውን ደረጃ አንሳ
staff-factor-reset = የ{ $name } ሁለተኛ ደረጃ ተነሥቷል፤ { $name } ወጥተዋል። የጠየቁት { $name } ራሳቸው መሆናቸውን ያረጋግጡ።

mail-factor-set-subject = በጀበና የመለያዎ ሁለተኛ ደረጃ ተዘጋጅቷል
mail-factor-set-text =
    ውድ { $name }፣

    ለመለያዎ { $username } የመግቢያ ሁለተኛ ደረጃ አሁን ተዘጋጅቷል። እርስዎ ከሆኑ ምንም ማድረግ አያስፈልግም።

    እርስዎ ካልሆኑ ወዲያውኑ ለድርጅትዎ አስተዳዳሪ ይንገሩ።
mail-factor-removed-subject = በጀበና የመለያዎ ሁለተኛ ደረጃ ተነሥቷል
mail-factor-removed-text =
    ውድ { $name }፣

    የመለያዎ { $username } የመግቢያ ሁለተኛ ደረጃ በእርስዎ ወይም በድርጅትዎ አስተዳዳሪ አሁን ተነሥቷል። እዚህ እንደገና ማዘጋጀት ይችላሉ፦
    { $link }

    እርስዎ ካልጠየቁ ወዲያውኑ ለድርጅትዎ አስተዳዳሪ ይንገሩ።
mail-codes-made-subject = በጀበና ለመለያዎ አዲስ የመጠባበቂያ ኮዶች
mail-codes-made-text =
    ውድ { $name }፣

    ለመለያዎ { $username } አዲስ የመጠባበቂያ ኮዶች አሁን ተፈጥረዋል፤ የቀድሞዎቹ ከእንግዲህ አይሠሩም። እርስዎ ከሆኑ ምንም ማድረግ አያስፈልግም።

    እርስዎ ካልሆኑ ወዲያውኑ ለድርጅትዎ አስተዳዳሪ ይንገሩ።
mail-code-used-subject = በጀበና የመለያዎ የመጠባበቂያ ኮድ ጥቅም ላይ ውሏል
mail-code-used-text =
    ውድ { $name }፣

    አንድ ሰው በመጠባበቂያ ኮድ ወደ መለያዎ { $username } ገብቷል ወይም አንድ ተግባር አረጋግጧል። የቀሩ ኮዶች፦ { $left }። አዲስ እዚህ መፍጠር ይቻላል፦
    { $link }

    እርስዎ ካልሆኑ ወዲያውኑ የይለፍ ቃልዎን ይለውጡ፣ ለድርጅትዎ አስተዳዳሪም ይንገሩ።
passkeys-title = የይለፍ ቁልፎች
passkeys-lead = በይለፍ ቁልፍ አሃዞችን ከመተየብ ይልቅ በጣት አሻራ፣ በፊት ወይም በመሣሪያው ፒን ያረጋግጣሉ። በስልክዎ ላይ ካለው መተግበሪያ ጎን ይቆማል፤ መሣሪያው በእጅዎ በማይሆንበት ቀን መተግበሪያው ያስፈልግዎታል።
passkeys-enough = አንድ መለያ ሊኖረው የሚችለውን ያህል የይለፍ ቁልፎች አሉዎት። ሌላ ለመጨመር አንዱን ያስወግዱ።
passkey-name = የመሣሪያው ስም
passkey-name-hint = እንዲያውቁት፣ ለምሳሌ፦ የቢሮ ኮምፒውተር
passkey-name-taken = በዚህ ስም የይለፍ ቁልፍ አለዎት። ሌላ ስም ይስጡ።
passkey-needs-script = ይህ አሳሽ እዚህ የይለፍ ቁልፍ መሥራት አይችልም፤ ጃቫስክሪፕትና የቅርብ ጊዜ ስሪት ያስፈልገዋል። ኮዶች ያለዚያ ይሠራሉ።
passkey-refused = የመሣሪያው ምላሽ ተቀባይነት ማግኘት አልቻለም። እንደገና ይሞክሩ፣ ገጹንም ከአምስት ደቂቃ በላይ ክፍት አይተዉ።
passkey-add = የይለፍ ቁልፍ ጨምር
passkey-added = የይለፍ ቁልፍ “{ $name }” የእርስዎ ሆኗል። በሌሎች ቦታዎች ሁሉ ወጥተዋል።
passkey-remove = አስወግድ
passkey-removed = የይለፍ ቁልፍ “{ $name }” ከእንግዲህ ምንም አይከፍትም። በሌሎች ቦታዎች ሁሉ ወጥተዋል።
passkey-made = የተጨመረው
passkey-used = መጨረሻ ጥቅም ላይ የዋለው
passkey-use = የይለፍ ቁልፍ ተጠቀም
passkey-failed = መሣሪያው ምላሽ አልሰጠም ወይም እርስዎ አቁመውታል። እንደገና ይሞክሩ፣ ወይም ኮድ ይጠቀሙ።
mail-passkey-added-subject = በጀበና ለመለያዎ የይለፍ ቁልፍ ተጨምሯል
mail-passkey-added-text =
    ውድ { $name }፣

    ለመለያዎ { $username } የይለፍ ቁልፍ አሁን ተጨምሯል። እርስዎ ከሆኑ ምንም ማድረግ አያስፈልግም። የይለፍ ቁልፎችዎን እዚህ ያያሉ፦
    { $link }

    እርስዎ ካልሆኑ ወዲያውኑ ለድርጅትዎ አስተዳዳሪ ይንገሩ።
mail-passkey-removed-subject = በጀበና የመለያዎ የይለፍ ቁልፍ ተነሥቷል
mail-passkey-removed-text =
    ውድ { $name }፣

    የመለያዎ { $username } የይለፍ ቁልፍ አሁን ተነሥቷል። እርስዎ ከሆኑ ምንም ማድረግ አያስፈልግም። የይለፍ ቁልፎችዎን እዚህ ያያሉ፦
    { $link }

    እርስዎ ካልሆኑ ወዲያውኑ ለድርጅትዎ አስተዳዳሪ ይንገሩ።
factor-code-hint-demo = በዚህ ማሳያ ገጹ የሚናገረውን በሌላ ቦታ የሚያውቀው የሰውዬው ስልክ ብቻ ነው፦ የአሁኑ ኮድ { $code } ነው። እያንዳንዱ ኮድ አንድ ጊዜ ብቻ ይሠራል፤ ቀጣዩ በሠላሳ ሰከንድ ውስጥ ይመጣል።
