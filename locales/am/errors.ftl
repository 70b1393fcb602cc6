### Pages for what could not be answered. Everything in this file is awaiting native review.

error-reference = ስለዚህ ጉዳይ ሲጽፉልን ኮዱን { $code } ይጥቀሱ።
error-way-start = ወደ መጀመሪያው ገጽ ሂድ
error-way-sign-in = ግባ
error-way-password = ሌላ አገናኝ ይጠይቁ
error-way-present-state = አሁን ያለበትን ሁኔታ ተመልከት
error-way-paper = ወደ ሰነዱ

error-not-found-title = አልተገኘም
error-not-found = በዚህ አድራሻ ምንም የለም፣ ወይም እርስዎ ሊያዩት አይችሉም።
error-not-found-advice = አድራሻውን ያረጋግጡ፣ ወይም የወጪ ንግዱን በዝርዝርዎ ውስጥ ይፈልጉ።

error-link-over-title = ይህ አገናኝ ከእንግዲህ አይሠራም
error-link-over = ጥቅም ላይ ውሏል፣ ወይም ጊዜው አልፏል።
error-link-over-invitation = በእሱ መለያዎን ከፍተው ከሆነ ይግቡ። ካልሆነ የጋበዘዎትን ሰው ሌላ ግብዣ ይጠይቁ።
error-link-over-password = በእሱ አዲስ የይለፍ ቃል አስገብተው ከሆነ በዚያ ይግቡ። ካልሆነ ሌላ አገናኝ ይጠይቁ።
error-link-over-handed = በእሱ አዲስ የይለፍ ቃል አስገብተው ከሆነ በዚያ ይግቡ። ካልሆነ የድርጅትዎን አስተዳዳሪ ሌላ አገናኝ ይጠይቁ።

error-sign-in-title = እባክዎ ይግቡ
error-sign-in = አልገቡም፣ ወይም ለተወሰነ ጊዜ ምንም ስላልተደረገ ወጥተዋል።
error-sign-in-advice = ምንም አልተቀመጠም። ይግቡ፣ ገጹን እንደገና ይክፈቱና አንድ ጊዜ ይላኩ።
error-sign-in-kept = የጻፉት አልጠፋም፤ እዚህ ይግቡ፣ ሲፈቅዱም ይላካል።

error-forbidden-title = አልተፈቀደም
error-forbidden = የሥራ ድርሻዎ ይህን አይፈቅድም።
error-forbidden-advice = የእርስዎ ሥራ ከሆነ የድርጅትዎን የሠራተኞች አስተዳዳሪ ይጠይቁ።

error-step-title = የእርስዎ ደረጃ አይደለም
error-step-advice = ምንም አልተቀመጠም። ተራው የማን እንደሆነ ጉዳዩ ያሳያል።

error-form-token-title = ገጹ አርጅቷል
error-form-token = ይህ ቅጽ ለአሁኑ ቆይታዎ የተዘጋጀ አይደለም፤ ምናልባት ከዚያ በኋላ እንደገና ገብተዋል።
error-form-token-advice = ምንም አልተቀመጠም። ገጹን እንደገና ይክፈቱና አንድ ጊዜ ይላኩ።
error-form-token-kept = የጻፉት አልጠፋም፤ ገና አልተላከም። አሁን ይላኩ ወይም ይመለሱ።

error-foreign-site-title = ከሌላ ድረ ገጽ የተላከ
error-foreign-site = ይህ ቅጽ ከእኛ ገጾች እንዳልተላከ አሳሽዎ ይናገራል።
error-foreign-site-advice = ምንም አልተቀመጠም። ገጹን እዚህ ይክፈቱና ቅጹን እንደገና ይሙሉ።

error-conflict-title = በመካከል ተቀይሯል
error-conflict = ሌላ ሰው ቀድሟል።
error-conflict-by = { $who } ቀድመዋል።
error-conflict-at = በ{ $when } ተቀይሯል።
error-conflict-by-at = { $who } በ{ $when } ቀድመዋል።
error-conflict-advice = የእርስዎ ምንም አልተቀመጠም። አሁን ያለበትን ሁኔታ ተመልክተው እንደገና ይወስኑ።

error-key-reused-title = ይህ ቅጽ ቀድሞ ተልኳል
error-key-reused = ይኸው ቅጽ ቀደም ሲል ሌላ ይዘት ይዞ ተልኳል።
error-key-reused-advice = የመጀመሪያው ይዘት ይጸናል። የተቀመጠውን ለማየት ገጹን እንደገና ይክፈቱ።

error-query-title = ግልጽ ያልሆነ አድራሻ
error-query = የዚህ አድራሻ አንድ ክፍል ሊነበብ አይችልም።
error-query-advice = ከዝርዝሩ እንደገና ይጀምሩና እዚያ ይምረጡ።

error-unreadable-title = ቅጹ ሊነበብ አይችልም
error-unreadable = የደረሰው በዚህ ገጽ ያለው ቅጽ አይደለም።
error-unreadable-advice = ምንም አልተቀመጠም። ገጹን እንደገና ይክፈቱና ቅጹን እዚያ ይሙሉ።

error-too-large-title = በጣም ትልቅ
error-too-large = እዚህ ከ{ $limit } በላይ መላክ አይቻልም።
error-too-large-advice = ምንም አልተቀመጠም። አሳንሰው እንደገና ይሞክሩ።

error-body-title = ዓይነቱ አይስማማም
error-body = የተላከው እዚህ ከሚወሰደው ዓይነት አይደለም።
error-body-advice = ምንም አልተቀመጠም። በገጹ ላይ ያለውን ቅጽ ይጠቀሙ።

error-method-title = እዚህ አይቻልም
error-method = ይህን አድራሻ በዚህ መንገድ መጠቀም አይቻልም።
error-method-advice = ወደዚህ ካመጣዎት ገጽ እንደገና ይጀምሩ።

error-host-title = ይህ ድረ ገጽ አይደለም
error-host = በአሳሽዎ ያለው አድራሻ ይህ ድረ ገጽ የሚመልስበት አይደለም።
error-host-advice = ድርጅትዎ የተሰጠውን አድራሻ ይጠቀሙ።

error-too-many-title = በጣም ብዙ ጥያቄ
error-too-many = በአጭር ጊዜ ውስጥ ከዚህ በጣም ብዙ ጥያቄዎች መጥተዋል።
error-too-many-advice = ጥቂት ደቂቃዎች ይጠብቁና እንደገና ይሞክሩ።

error-read-only-title = ለጊዜው ለማንበብ ብቻ
error-read-only = ሁሉም ሊነበብና ሊታተም ይችላል፤ ለጊዜው ምንም ሊቀየር አይችልም።
error-read-only-advice = ምንም አልተቀመጠም። የጻፉት ከዚህ በፊት ባለው ገጽ ላይ አለ፤ በኋላ እንደገና ይሞክሩ።

error-soon-title = ከትንሽ ጊዜ በኋላ ይመለሱ
error-soon-advice = ምንም ስህተት የለም፤ ይህን ገጽ እንደገና ይክፈቱ።
error-unavailable-title = እባክዎ ከትንሽ ጊዜ በኋላ እንደገና ይሞክሩ
error-unavailable = አገልግሎቱ ተጨናንቋል ወይም አንዱ ክፍል ለጊዜው አይገኝም።
error-unavailable-advice = ምንም አልጠፋም፤ ይኸው ቅጽ እንደገና ቢላክ አንድ ጊዜ ብቻ ይቆጠራል።

error-internal-title = በእኛ በኩል ስህተት ተፈጥሯል
error-internal = ስህተቱ የእኛ ነው፤ ተመዝግቧል።
error-internal-advice = እንደገና ይሞክሩ፤ ካልተስተካከለ ከታች ያለውን ማጣቀሻ ለአስተዳዳሪው ይንገሩ።
