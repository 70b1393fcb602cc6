### Certificates: what there is, requests for them, who approves, keys and lists. Everything in this file is awaiting native review.

nav-certificates = የምስክር ወረቀቶች
pki-title = የምስክር ወረቀቶች
pki-lead = እዚህ ሰነዶችን የሚያትሙ፣ እንዲሁም የኅብረቱ የራሱ የምስክር ወረቀቶች። ቀድሞ የሚያበቃው ከላይ ነው።
pki-lead-own = ድርጅትዎ ሰነዶቹን የሚያትመው በእነዚህ የምስክር ወረቀቶች ነው።
pki-none = የምስክር ወረቀት የለም
pki-none-text = ከእነዚህ ማጣሪያዎች ጋር የሚስማማ የለም፣ ወይም እስካሁን የተሰጠ የምስክር ወረቀት የለም።
pki-none-own-text = ድርጅትዎ ገና የምስክር ወረቀት የለውም። ይጠይቁ፤ እስከዚያ ድረስ ሰነዶቹ ማኅተም አይኖራቸውም።
pki-nobody = እዚህ የሚፈርም የለም፦ ይህ ሥርዓት ፈራሚ የለውም፣ ወይም ባለሥልጣኑ አልተቋቋመም። የሚያቋቁመው ሥርዓቱን የሚያስተዳድረው ነው፤ እስከዚያ ድረስ የምስክር ወረቀት የለም።
pki-away = ፈራሚው አሁን አይመልስም። የጠፋ ነገር የለም። ከአንድ ደቂቃ በኋላ እንደገና ይሞክሩ፤ እንዲሁ ከቀጠለ ሥርዓቱን ለሚያስተዳድረው ይንገሩ።
pki-consortium = ኅብረቱ
pki-within = { $days ->
    [one] በአንድ ቀን ውስጥ
   *[other] በ{ $days } ቀናት ውስጥ
}
pki-days = { $days ->
    [one] አንድ ቀን ቀርቷል
   *[other] { $days } ቀናት ቀርተዋል
}
pki-under-rule = የማጽደቅ ደንብ፣ ቅጂ { $version }
pki-for-days = ከተሰጠ ጀምሮ { $days } ቀናት
pki-and-others = { " " }እና ሌሎች { $count }
pki-calendar = የምስክር ወረቀቶች የሚያበቁበት ጊዜ
pki-calendar-none = የሚያበቃ የምስክር ወረቀት የለም
pki-calendar-none-text = ከሚታዩት በሥራ ላይ ያለ የለም።
pki-own-none = ድርጅትዎ በሥራ ላይ ያለ ማኅተም የለውም። እስኪኖረው ድረስ ሰነዶቹ ያለ ማኅተም ይሰጣሉ፤ ይጠይቁት።
pki-own-asked = ድርጅትዎ የምስክር ወረቀት ጠይቋል። ጥያቄው የት እንደደረሰ ይመልከቱ።
pki-own-holds = ድርጅትዎ ሰነዶቹን ያትማል። የምስክር ወረቀቱ እስከ { $day } ይሠራል።
pki-own-ends = የድርጅትዎ የምስክር ወረቀት በ{ $day } ያበቃል። በጊዜ እንዲጸድቅ አሁኑኑ ሌላ ይጠይቁ።

pki-head-holder = ባለቤት
pki-head-kind = ዓይነት
pki-head-serial = ተከታታይ ቁጥር
pki-head-from = ከ
pki-head-until = እስከ
pki-head-left = የቀሩ ቀናት
pki-head-state = ሁኔታ
pki-head-month = ወር
pki-head-ends = የምስክር ወረቀቶች
pki-head-whose = የማን
pki-head-when = መቼ
pki-head-what = ምን
pki-head-who = ማን
pki-head-why = ለምን
pki-head-key = ቁልፍ
pki-head-asked = የተጠየቀው
pki-head-approvals = ማጽደቂያዎች
pki-head-list = ዝርዝር
pki-head-number = ቁጥር
pki-head-entries = በላዩ ያሉ የምስክር ወረቀቶች
pki-head-made = የተዘጋጀው
pki-head-next = ቀጣዩ ቢዘገይ
pki-head-of = ቁልፍ
pki-head-begun = የተጀመረው
pki-head-progress = የተሠራ
pki-head-failed = ያልተሳካ

pki-state-in-force = በሥራ ላይ ያለ
pki-state-ending = በሥራ ላይ ያለ፣ በቅርቡ የሚያበቃ
pki-state-not-yet = ገና በሥራ ላይ ያልዋለ
pki-state-suspended = የታገደ
pki-state-revoked = የተሰረዘ
pki-state-expired = ጊዜው ያለፈ
pki-state-means-holds = { $state }፦ አሁን በእሱ የሚታተመው ይጸናል።
pki-state-means-over = { $state }፦ አሁን በእሱ የሚታተም የለም። በሥራ ላይ ሳለ ስለታተመው የእያንዳንዱ ሰነድ ገጽ ይናገራል።

pki-kind-root-ca = ሥር ባለሥልጣን
pki-kind-issuing-ca = ሰጪ ባለሥልጣን
pki-kind-organization-seal = የድርጅት ማኅተም
pki-kind-officer = ባለሙያ
pki-kind-ocsp-responder = ስለ የምስክር ወረቀቶች የሚመልስ
pki-kind-time-stamping = የጊዜ ማኅተም
pki-kind-trust-list = የታመኑ ዝርዝር
pki-purpose-root-ca = የሰጪውን ባለሥልጣን የምስክር ወረቀትና የሰረዛቸውን ዝርዝር ይሰጣል
pki-purpose-issuing-ca = የምስክር ወረቀቶችንና የሰረዛቸውን ዝርዝር ይሰጣል
pki-purpose-organization-seal = የድርጅቱን ሰነዶች ያትማል፣ ይፈርማል
pki-purpose-officer = እንደ አንድ የድርጅት ባለሙያ ይፈርማል
pki-purpose-ocsp-responder = የምስክር ወረቀት መሰረዝ አለመሰረዙን ይመልሳል
pki-purpose-time-stamping = አንድ ነገር መቼ እንደነበረ ይመሰክራል
pki-purpose-trust-list = ማን ማተም እንደሚችል የሚናገረውን ዝርዝር ይፈርማል

pki-fact-holder = ባለቤት
pki-fact-kind = ዓይነት
pki-fact-subject = የሚጠራው
pki-fact-issuer = የሰጠው
pki-fact-key = ቁልፍ
pki-fact-purpose = ዓላማ
pki-fact-serial = ተከታታይ ቁጥር
pki-fact-sha256 = SHA-256
pki-fact-from = ከ
pki-fact-until = እስከ
pki-fact-sealed = በእሱ የታተሙ ሰነዶች
pki-fact-made = ቁልፍ
pki-fact-validity = ለምን ያህል ጊዜ
pki-fact-asked = የተጠየቀው
pki-fact-digest = የሚሰጠው ነገር አሻራ
pki-fact-approvals = ማጽደቂያዎች
pki-fact-approvers = ማጽደቅ የሚችሉ
pki-fact-rejected = ለምን ውድቅ ተደረገ

pki-download-der = አውርድ (.cer)
pki-download-pem = አውርድ (.pem)
pki-life = ምን ተከሰተ
pki-event-asked = ተጠየቀ
pki-event-issued = ተሰጠ
pki-event-suspended = ታገደ
pki-event-revoked = ተሰረዘ
pki-invalid-from = ፊርማዎቹ ከ{ $at } ጀምሮ አይታመኑም
pki-reason-unspecified = ምክንያት አልተሰጠም
pki-reason-key-compromise = ቁልፉ በሌላ እጅ ገብቷል ወይም ገብቶ ሊሆን ይችላል
pki-reason-ca-compromise = የባለሥልጣኑ ቁልፍ በሌላ እጅ ገብቷል ወይም ገብቶ ሊሆን ይችላል
pki-reason-affiliation-changed = ባለቤቱ አሁን የሌላ ነው
pki-reason-superseded = ሌላ የምስክር ወረቀት ተክቶታል
pki-reason-cessation-of-operation = ከእንግዲህ አይሠራበትም
pki-reason-certificate-hold = ለጊዜው ታግዷል
pki-reason-privilege-withdrawn = ባለቤቱ ከእንግዲህ ማተም አይችልም
pki-reason-aa-compromise = ስለ ባለቤቱ የሚመሰክሩት ቁልፍ በሌላ እጅ ገብቷል

pki-requests-title = ጥያቄዎች
pki-requests-lead = ድርጅቶች ማኅተማቸውን ይጠይቃሉ፤ የሌሎች ድርጅቶች ሰዎች ያጸድቃሉ። ውሳኔ የሚጠብቀው ከላይ ነው።
pki-requests-none = ጥያቄ የለም
pki-requests-none-text = የምስክር ወረቀት የጠየቀ የለም፣ ወይም ከማጣሪያው ጋር የሚስማማ የለም።
pki-request-title = የ{ $organization } ጥያቄ
pki-to-certificate = ወደ የምስክር ወረቀቱ
pki-standing-open = ይጠብቃል
pki-standing-issuing = እየተሰጠ ነው
pki-standing-issued = ተሰጥቷል
pki-standing-rejected = ውድቅ ተደርጓል
pki-standing-withdrawn = ተትቷል
pki-standing-expired = ጊዜው አልፏል
pki-standing-means-open = ውሳኔ ይጠብቃል፦ ከ{ $needed } ድርጅቶች { $given } አጽድቀዋል። ውሳኔ ሳያገኝ ሠላሳ ቀን ካለፈ ያበቃል።
pki-standing-means-issuing = በቂ ድርጅቶች አጽድቀዋል። የምስክር ወረቀቱ እየተሰጠ ነው፤ ከአንድ ደቂቃ በኋላ ይህን ገጽ እንደገና ይክፈቱ። ካልመጣ ሥርዓቱን የሚያስተዳድረው ምክንያቱን ከሥራዎቹ ዝርዝር ያገኛል።
pki-standing-means-issued = የምስክር ወረቀቱ ተሰጥቷል።
pki-standing-means-rejected = ጥያቄው ውድቅ ተደርጓል። ሌላ ማቅረብ ይቻላል።
pki-standing-means-withdrawn = የጠየቀው ጥያቄውን ትቷል።
pki-standing-means-expired = በጊዜ የወሰነ የለም። ሌላ ጥያቄ ማቅረብ ይቻላል።
pki-decisions = ውሳኔዎች
pki-decisions-none = ገና ውሳኔ የለም
pki-decisions-none-text = ጥያቄውን ያጸደቀ ወይም ውድቅ ያደረገ የለም።
pki-verdict-approved = ጸድቋል
pki-verdict-rejected = ውድቅ ተደርጓል
pki-verdict-withdrawn = ተትቷል

pki-approve-title = ማጽደቅ
pki-approve = ልክ ይህን አጽድቅ
pki-digest-field = የሚያጸድቁት
pki-digest-hint = አሻራው የባለቤቱን፣ የስሞቹን፣ የቁልፉንና የጊዜውን ያጠቃልላል። ጠያቂው በዚህ ገጽ የሚያየው ነው፤ ከማጽደቅዎ በፊት ከእሱ ጋር ያነጻጽሩ።
pki-digest-missing = የሚያጸድቁትን አሻራ ምልክት ያድርጉ
pki-reject-title = ውድቅ ማድረግ
pki-reject = ጥያቄውን ውድቅ አድርግ
pki-reason-field = ለምን ውድቅ እንደሚደረግ
pki-reason-hint = ከ10 እስከ 500 ፊደላት። ጥያቄውን የሚያይ ሁሉ ያነበዋል።
pki-withdraw-title = ጥያቄውን መተው
pki-withdraw = ተው
pki-approved = ማጽደቅዎ ተመዝግቧል። ሌላ ድርጅትም ማጽደቅ አለበት።
pki-approved-last = ማጽደቅዎ ተመዝግቧል። የምስክር ወረቀቱ እየተሰጠ ነው።
pki-rejected = ጥያቄው ውድቅ ተደርጓል።
pki-withdrawn = ጥያቄው ተትቷል።
pki-refusal-requester = ይህን የምስክር ወረቀት የጠየቁት እርስዎ ነዎት። ሌሎች ማጽደቅ አለባቸው።
pki-refusal-own-organization = ይህን የምስክር ወረቀት የጠየቀው የእርስዎ ድርጅት ነው። የሌሎች ድርጅቶች ሰዎች ማጽደቅ አለባቸው።
pki-refusal-not-an-approver = የዚህ ጥያቄ ደንብ የሚያጸድቁ ሌሎች ድርጅቶችን ይጠቅሳል።
pki-refusal-same-person = ስለዚህ ጥያቄ አስቀድመው ወስነዋል። ሌላ ሰውም ማጽደቅ አለበት።
pki-refusal-same-organization = ከድርጅትዎ አንድ ሰው አስቀድሞ ወስኗል። ሌላ ድርጅትም ማጽደቅ አለበት።
pki-refusal-other-digest = ያጸደቁት የሚሰጠው አይደለም። እንደ ማጽደቅ የተመዘገበ የለም። ጥያቄውን እንደገና ይመልከቱ።
pki-refusal-closed = ጥያቄው ተወስኗል። የሚጨመር የለም።
pki-refusal-not-theirs = ጥያቄውን መተው የሚችለው የምስክር ወረቀቱን የጠየቀው ብቻ ነው።

pki-ask = የምስክር ወረቀት ጠይቅ
pki-ask-next = ቀጣዩን የምስክር ወረቀት ይጠይቁ
pki-ask-title = የድርጅትዎን ማኅተም መጠየቅ
pki-ask-lead = በማኅተሙ የድርጅትዎ ሰነዶች ራሳቸውን ያረጋግጣሉ። የሌሎች ድርጅቶች ሰዎች ማጽደቅ አለባቸው፤ ይንገሯቸው፤ እዚህም ይነገራቸዋል።
pki-ask-submit = ጠይቅ
pki-asked = የምስክር ወረቀቱ ተጠይቋል። የሌሎች ድርጅቶች ሰዎች ማጽደቅ አለባቸው።
pki-ask-refused = ፈራሚው እንዲህ ያለ ጥያቄ አይቀበልም። ሥርዓቱን የሚያስተዳድረው ምክንያቱን ከመዝገቡ ያገኛል።
pki-open-already = ድርጅትዎ የምስክር ወረቀት አስቀድሞ ጠይቋል፤ ጥያቄውም አልተወሰነም።
pki-key-field = ቁልፉ የት ነው
pki-key-here = እዚህ የሚሠራ
pki-key-here-hint = ቁልፉን የሚሠራው ፈራሚው ነው፤ ከእሱም አይወጣም። እዚህ ሰነዶችን የሚያትመው ይህ ነው።
pki-key-elsewhere = ሌላ ቦታ የተሠራ
pki-key-elsewhere-hint = የራስዎ ቁልፍ አለዎት፤ የእሱን ጥያቄ ይለጥፋሉ። እዚህ ያሉ ሰነዶች በእሱ አይታተሙም።
pki-name-field = የምስክር ወረቀቱ ማኅተሙን የሚጠራበት
pki-name-hint = እዚህ ለሚሠራ ቁልፍ፦ ቢበዛ 64 የላቲን ወይም የኢትዮጵያ ፊደላት። ሌላ ቦታ የተሠራ ጥያቄ የራሱን ያመጣል።
pki-years-field = ለምን ያህል ጊዜ
pki-years = { $years ->
    [one] አንድ ዓመት
   *[other] { $years } ዓመታት
}
pki-csr-field = ጥያቄው (PKCS#10)
pki-csr-hint = ሌላ ቦታ ለተሠራ ቁልፍ፦ እንደ ጽሑፍ፣ ከ“-----BEGIN CERTIFICATE REQUEST-----” እስከ መጨረሻው። በP-256 ላይ ያለ የECDSA ቁልፍ ይወሰዳል፤ አገር፣ ድርጅትና ቁጥር እዚህ የሚታወቁት ናቸው።

pki-flaw-too-long = ጥያቄው ሊሆን ከሚችለው በላይ ረጅም ነው።
pki-flaw-not-a-request = ይህ ጥያቄ (PKCS#10) አይደለም፣ ወይም ከኋላው ሌላ ነገር አለ። ሙሉውን ብቻ ይለጥፉ።
pki-flaw-version = ጥያቄው የሌላ እትም ነው። እንደ OpenSSL ባለ የተለመደ ፕሮግራም እንደገና ይሥሩት።
pki-flaw-weak-key = ቁልፉ ደካማ ነው። በP-256 ላይ የECDSA ቁልፍ ይሥሩ።
pki-flaw-other-key = ቁልፉ የሌላ ዓይነት ነው። በP-256 ላይ የECDSA ቁልፍ ይሥሩ።
pki-flaw-other-curve = ቁልፉ በሌላ ከርቭ ላይ ነው። በስሙ በተጠራ P-256 ላይ ይሥሩ።
pki-flaw-not-a-point = ቁልፉ የከርቩ ነጥብ አይደለም፣ ወይም የታመቀ ነው። ሳያምቁ እንደገና ይሥሩት።
pki-flaw-other-algorithm = ጥያቄው በሌላ መንገድ ተፈርሟል። በECDSA ከSHA-256 ጋር ይፈርሙት።
pki-flaw-signature = ጥያቄው በቁልፉ አልተፈረመም። እንደገና ይሥሩት።
pki-flaw-known-key = ቁልፉ የሌላ ጥያቄ ወይም የምስክር ወረቀት ነው። አዲስ ቁልፍ ይሥሩ።
pki-flaw-no-name = ጥያቄው ማንንም አይጠራም። ስም (CN) ይስጡት።
pki-flaw-name-twice = የስሙ አንድ ክፍል ሁለት ጊዜ አለ። እያንዳንዱን አንድ ጊዜ ይስጡ።
pki-flaw-name-part = ስሙ የማይሰጥ ክፍል አለው። C፣ O፣ organizationIdentifier እና CN ብቻ ይስጡ።
pki-flaw-foreign-name = ስሙ የሌላ ድርጅት ወይም አገር ነው። ይተዉአቸው፣ ወይም እዚህ የሚታወቁትን ይስጡ።
pki-flaw-name-length = የስሙ አንድ ክፍል ባዶ ነው፣ ዙሪያው ክፍት ቦታ አለው ወይም ከ64 ፊደላት ይረዝማል።
pki-flaw-name-encoding = የስሙ አንድ ክፍል በUTF-8 አይደለም። ጥያቄውን በUTF-8 ይሥሩት።
pki-flaw-name-unseen = ስሙ የማይታይ ወይም የንባብ አቅጣጫን የሚቀይር ፊደል አለው። እንደገና ይጻፉት።
pki-flaw-name-look-alike = ስሙ ሌሎችን የሚመስሉ ፊደላት አሉት። የላቲንና የኢትዮጵያ ፊደላት ይሰጣሉ።
pki-flaw-authority = ጥያቄው የባለሥልጣን የምስክር ወረቀት ይጠይቃል። CA የሚለውን ይተዉ።
pki-flaw-further-names = ጥያቄው ተጨማሪ ስሞችን (subjectAltName) ይጠይቃል። ይተዉአቸው።
pki-flaw-other-use = ጥያቄው የማይሰጡ የቁልፍ አጠቃቀሞችን ይጠይቃል። ይተዉአቸው።
pki-flaw-extension = ጥያቄው የማይሰጥ ተጨማሪ ነገር ይጠይቃል። ይተዉት።
pki-flaw-twice = የጥያቄው አንድ ክፍል ሁለት ጊዜ አለ ወይም ሊነበብ አይችልም። እንደገና ይሥሩት።
pki-flaw-attribute = ጥያቄው እንደ የይለፍ ቃል ያለ የማይታወቅ ነገር አለው። ይተዉት።

pki-keys-title = ቁልፎችና ዝርዝሮች
pki-keys-lead = የተሰረዙት ዝርዝሮች እንዴት እንዳሉ፣ ቁልፎችም መተካታቸው የት እንደደረሰ። ቁልፎቹ ራሳቸው ለማንም አይታዩም።
pki-keys-good = ዝርዝሮቹ ወቅታዊ ናቸው፤ ከሚገባው በላይ እየተተካ ያለ የለም፤ በሠላሳ ቀን ውስጥ የሚያበቃ የምስክር ወረቀትም የለም።
pki-warn-list = የተሰረዙት አንድ ዝርዝር ዘግይቷል፦ ሌላ እስኪኖር ድረስ ሌሎች የምስክር ወረቀቶችን ማረጋገጥ አይችሉም። ፈራሚው እየሠራ መሆኑን ይመልከቱ።
pki-warn-rotation = የቁልፍ መተካት ከአንድ ቀን በላይ ቆይቷል። የጀመረው ያንኑ ትእዛዝ እንደገና መስጠት ይችላል፤ ከቆመበት ይቀጥላል።
pki-warn-failed = ሲተኩ ያልተከፈቱ ቁልፎች አሉ። ፈራሚውን የሚጠብቀው ከመዝገቡ ያገኛቸዋል።
pki-warn-ending = { $count ->
    [one] አንድ የምስክር ወረቀት በሠላሳ ቀን ውስጥ ያበቃል።
   *[other] { $count } የምስክር ወረቀቶች በሠላሳ ቀን ውስጥ ያበቃሉ።
}
pki-lists = የተሰረዙት ዝርዝሮች
pki-lists-none = ዝርዝር የለም
pki-list-none = ገና የለም
pki-list-good = ወቅታዊ
pki-list-overdue = ዘግይቷል
pki-delta = { $authority }፣ ከመጨረሻው ሙሉ ዝርዝር ወዲህ የተለወጠው
pki-rotations = የተተኩ ቁልፎች
pki-rotations-none = የተተካ ቁልፍ የለም
pki-rotations-none-text = ፈራሚውን የሚጠብቀው ቁልፎችን በትእዛዝ (jebena rotate) ይተካል።
pki-key-master = ዋና ቁልፍ
pki-key-data = የመረጃ ቁልፍ፦ { $holder }
pki-rotation-scheduled = በዕቅዱ መሠረት
pki-rotation-manual = በእጅ
pki-rotation-compromise = በአስቸኳይ
pki-rotation-emergency = በአስቸኳይ
pki-rotation-status-in-progress = በመካሄድ ላይ
pki-rotation-status-completed = ተጠናቋል
pki-rotation-status-failed = አልተሳካም
pki-rotation-status-rolled-back = ተመልሷል
