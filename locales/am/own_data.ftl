### A person's copy of their data, and the register of what is kept. Everything in this file is awaiting native review.

own-data-title = የእርስዎ መረጃ
own-data-lead = በስምዎ እዚህ የተያዘውን ሁሉ ቅጂ ማግኘት ይችላሉ፦ መለያዎን፣ የትና መቼ እንደገቡ፣ ያደረጉትንና የወሰኑትን፣ የጻፉትንና ያቀረቧቸውን ሰነዶች። አንድ የZIP ፋይል ነው፤ እያንዳንዱ ዓይነት መዝገብ በJSON እና በCSV ይገኛል።
own-data-lead-life = ማዘጋጀቱ ጥቂት ደቂቃዎች ይወስዳል። ከዚያ ለ24 ሰዓት አንድ ጊዜ ማውረድ ይቻላል፤ ልንጽፍላቸው የምንችላቸው ኢሜይል ይደርሳቸዋል። የድርጅትዎ የንግድ አኃዞች በውስጡ የሉም።
own-data-register-link = ምን እንደተያዘና ለምን
own-data-copies = የጠየቋቸው ቅጂዎች
own-data-none = እስካሁን ቅጂ የለም
own-data-none-text = ከታች ይጠይቁ።
own-data-head-asked = የተጠየቀበት
own-data-head-state = ሁኔታ
own-data-head-size = መጠን
own-data-head-until = እስከ
own-data-head-sha256 = SHA-256
own-data-head-source = መዝገብ
own-data-head-purpose = ለምን
own-data-head-basis = ሕጋዊ መሠረት
own-data-head-kept = የሚቆይበት ጊዜ
own-data-head-told = በቅጂው የሚነገር
own-data-state-being-made = በመዘጋጀት ላይ
own-data-state-ready = ዝግጁ
own-data-state-taken = ወርዷል
own-data-state-expired = ጊዜው አልፏል
own-data-state-failed = አልተሳካም፦ እንደገና ይጠይቁ
own-data-progress = ከ{ $total } ዓይነት መዝገቦች { $done }
own-data-download-title = ቅጂዎ ዝግጁ ነው
own-data-download = የZIP ፋይሉን አውርድ
own-data-ask-title = ቅጂ ይጠይቁ
own-data-ask = ቅጂዬን አዘጋጅ
own-data-password-hint = አሳሽዎን ክፍት ያገኘ ሰው መረጃዎን እንዳይወስድ።
own-data-asked = ቅጂዎ በመዘጋጀት ላይ ነው። ከጥቂት ደቂቃዎች በኋላ ይህን ገጽ እንደገና ይክፈቱ።
own-data-under-way = ቅጂ በመዘጋጀት ላይ ነው፣ ወይም እስኪያወርዱት ይጠብቃል።
own-data-gone = ይህ ቅጂ ወርዷል፣ ወይም ጊዜው አልፏል። ሌላ ይጠይቁ።

own-data-register-title = ስለ ሰዎች የተያዘ መረጃ
own-data-register-lead = በመዝገቦች ውስጥ ሰው የሚጠቀስበት እያንዳንዱ ቦታ፣ ለምን እንደተያዘ፣ ምን እንደሚፈቅደውና ለምን ያህል ጊዜ። መረጃውን የጠየቀ ሰው በመጨረሻ የተጠቀሱት ዓምዶች ይነገሩታል።
own-data-purpose-account = መለያ ለመያዝ
own-data-purpose-administration = የድርጅቱን የሥርዓቱ ክፍል ለማስተዳደር
own-data-purpose-correspondence = ሰዎች እርስ በርስ የሚጽፉት
own-data-purpose-operation = ሥርዓቱ እንዲሠራ
own-data-purpose-security = ደኅንነት፦ ሌሎችን ከውጭ ለማቆየትና ማን እንደገባ ለማወቅ
own-data-purpose-trade = ወጪ ንግዱ፦ ማን ምን እንዳደረገና እንደወሰነ
own-data-basis-legal-obligation = መዝገቡን ሕግ ይጠይቃል
own-data-basis-legitimate-interest = ሁሉም ደኅንነቱ በተጠበቀ ሥርዓት ያለው ጥቅም
own-data-basis-service = ሥርዓቱን ለድርጅት መጠቀም
own-data-kept-with-account = መለያው እስካለ ድረስ
own-data-kept-hours-12 = 12 ሰዓት
own-data-kept-days-7 = 7 ቀን
own-data-kept-days-30 = 30 ቀን
own-data-kept-days-90 = 90 ቀን
own-data-kept-year-1 = 1 ዓመት
own-data-kept-years-7 = 7 ዓመት

own-data-readme =
    ጀበና ስለ { $name } ({ $username }) የያዘው መረጃ ቅጂ፣ በ{ $at } የተዘጋጀ።

    records/    እርስዎን የሚጠቅስ እያንዳንዱ ዓይነት መዝገብ፣ በJSON እና በCSV፤ ረጃጅሞቹ በ-2፣ -3 ወዘተ ይቀጥላሉ
    documents/  ያቀረቧቸው { $files } ሰነዶች
    register.json  ለእያንዳንዱ ዓይነት መዝገብ፦ ለምን እንደተያዘ፣ ምን እንደሚፈቅደው፣ ለምን ያህል ጊዜ፣ የትኞቹ ዓምዶች እንደሚነገሩዎት

    የመዝገቦቹ ዓይነቶች ከእርስዎ መዝገቦች ብዛት፣ ከተያዙበት ምክንያትና ጊዜ ጋር፦
