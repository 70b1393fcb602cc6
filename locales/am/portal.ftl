### The front door, the overview, the help page, the guided tour. Everything in this file is awaiting native review.

landing-title = ሰባት ጠረጴዛዎች ሲስማሙ ወጪ ንግድ ይፈጸማል
landing-lead = የቡና ወጪ ንግድ የላኪው ባንክ፣ ብሔራዊ ባንክ፣ የቡናና ሻይ ባለሥልጣን፣ ምርት ገበያ፣ የመርከብ ድርጅትና ጉምሩክ አንዱ ከሌላው ቀጥሎ እንዲስማሙ ይፈልጋል። እዚህ እያንዳንዳቸው የራሳቸው ጠረጴዛ አላቸው፤ ወጪ ንግዱም ከአንዱ ወደ ሌላው ይሄዳል።
landing-promise = እያንዳንዱ ደረጃ ይመዘገባል፦ ማን፣ ምን፣ መቼና ለምን እንደወሰነ። ወረቀቶቹ ማንም ሊያነበው የሚችል ኮድ አላቸው።
landing-tour = በተመራው ጉብኝት ጀምር
landing-people = እንደ … ይግቡ
landing-way = የአንድ ወጪ ንግድ መንገድ
landing-password = የዚህ ማሳያ መለያዎች ሁሉ የይለፍ ቃል “{ $password }” ነው።
tour-title = አንድ ወጪ ንግድ፣ ከጥያቄ እስከ ክፍያ
tour-lead = አንድ ወጪ ንግድ በሁሉም ጠረጴዛዎች ሲያልፍ ይከተሉ። እያንዳንዱ ደረጃ ተራው የሆነውን ሰው አድርጎ ያስገባዎታል፤ ለቀጣዩ ወደዚህ ገጽ ይመለሱ።
tour-sign-in = እንደ { $username } ግባ
dashboard-oldest = ረጅም ጊዜ የጠበቁ
dashboard-none = የሚታይ የለም።
help-work-title = ሥራው እንዴት እንደሚሄድ
help-work-queue = የሥራ ሣጥንዎ ድርጅትዎን የሚጠብቁ ወጪ ንግዶችን ሁሉ ከቆየው ጀምሮ ይይዛል። አንድ ወጪ ንግድ በአንድ ጊዜ በአንድ ድርጅት ሣጥን ብቻ ይገኛል።
help-work-claim = ሌላ ባልደረባ ተመሳሳዩን እንዳይሠራ፣ ከመሥራትዎ በፊት ጉዳዩን ይያዙ። በማይኖሩበት ጊዜ ተቆጣጣሪ ለሌላ ሊያስተላልፈው ይችላል።
help-work-decide = ያጽድቁ፣ ከጥያቄ ጋር ይመልሱ፣ ወይም ውድቅ ያድርጉ። የሚመልስ ወይም ውድቅ የሚያደርግ ምክንያት ይሰጣል፤ ላኪው አንብቦ አስተካክሎ እንደገና ያስገባል።
help-work-eyes = ማንም በራሱ ጥያቄ ላይ አይወስንም፤ በአንድ ወጪ ንግድ ሁለት ደረጃዎች ላይም አይወስንም። ከተወሰነ ዋጋ በላይ ሁለተኛ ባለሙያ ያረጋግጣል።
help-trouble-title = የማይሠራ ነገር ሲኖር
help-trouble-conflict = “በመካከል ተቀይሯል” ማለት ባልደረባ ቀድሟል ማለት ነው። የእርስዎ ምንም አልተቀመጠም፦ ጉዳዩን እንደገና ተመልክተው ይወስኑ።
help-trouble-offline = መስመሩ ሲቋረጥ ቅጹን እንደገና ይላኩ። ስንት ጊዜ ቢላክም አንድ ጊዜ ብቻ ይቆጠራል።
help-shortcuts-on = ነጠላ ቁልፎች በዝርዝሮችና በጉዳዮች ውስጥ ያንቀሳቅሳሉ፦ ለማየት በማንኛውም ገጽ ላይ ? ይጫኑ።
help-shortcuts-off = የነጠላ ቁልፍ አቋራጮች ለእርስዎ ጠፍተዋል።
help-shortcuts-disable = አጥፋቸው
help-shortcuts-enable = አብራቸው
help-shortcuts-visitor = የነጠላ ቁልፍ አቋራጮችን ለመጠቀም ይግቡ።
help-contacts = ማንን መጠየቅ እንደሚቻል
