### Reviews: what one desk decides about an application. All of this file is awaiting native review.

review-panel-title = የእርስዎ ውሳኔ
review-reason-hint = ከ{ $least } እስከ { $most } ፊደላት። አመልካቹ ያነበዋል፤ በመዝገብም ይቆያል።
review-by-time = በቀን
review-flash-done = { $subject } { $number }፦ { $act }። አሁን ያለበት ሁኔታ፦ { $state }።
review-save-draft = አስቀምጥና በኋላ ተመለስ
review-draft-saved = ተቀምጧል። በፈለጉ ጊዜ መቀጠል ይችላሉ።
review-continue = ቀጥል

review-refusal-stale = እርስዎ ሲያነቡ በ{ $by } በ{ $at } ተቀይሯል። እንደገና ይመልከቱት።
review-refusal-wrong-state = አሁን ያለበት ሁኔታ “{ $state }” ነው፤ ከ{ $at } ጀምሮ ({ $by })።
review-refusal-not-yours = ይህ የሌላ ድርጅት ተግባር ነው፤ ወይም የእርስዎ ሚና አያካትተውም።
review-refusal-own-submission = ይህን ያቀረቡት እርስዎ ስለሆኑ ሌላ ሰው መወሰን አለበት።
review-refusal-missing-files = ሰነዶች ይጎድላሉ፦ { $papers }።
review-refusal-paper-kept = ይህ ሰነድ ሊመለስ አይችልም፦ ሌላ ድርጅት አቅርቦታል ወይም ጉዳዩ ተወስኖበታል። ጉዳዩ ክፍት እስካለ በአዲስ ሊተካ ይችላል።

review-subject-profile = መግለጫ
review-subject-laboratory = ላቦራቶሪ
review-subject-taster = ቀማሽ
review-subject-competence = የብቃት ማረጋገጫ ምስክር ወረቀት
review-subject-license = የወጪ ንግድ ፈቃድ
review-subject-lot = ዕጣ
review-subject-inspection = ምርመራ
review-subject-contract = ውል
review-subject-buyer = ገዢ

review-act-import = አስገባ
review-act-split = ክፈል
review-act-merge = አዋሕድ
review-act-blend = አደባልቅ
review-act-register = አስመዝግብ
review-act-submit = አቅርብ
review-act-resubmit = እንደገና አቅርብ
review-act-approve = አጽድቅ
review-act-reject = ውድቅ አድርግ
review-act-return = ከጥያቄ ጋር መልስ
review-act-suspend = አግድ
review-act-reinstate = እግዱን አንሳ
review-act-revoke = ሰርዝ
review-act-cancel = ተወው
review-act-expire = ጊዜው ይለፍ

review-action-import = ከሠንጠረዥ ገብቷል
review-action-split = ከሌላ ዕጣ ተከፍሏል
review-action-merge = ከበርካታ ዕጣዎች ተዋሕዷል
review-action-blend = ከበርካታ ዕጣዎች ተደባልቋል
review-action-register = ተመዝግቧል
review-action-submit = ቀርቧል
review-action-resubmit = እንደገና ቀርቧል
review-action-approve = ጸድቋል
review-action-reject = ውድቅ ተደርጓል
review-action-return = ከጥያቄ ጋር ተመልሷል
review-action-suspend = ታግዷል
review-action-reinstate = እግዱ ተነስቷል
review-action-revoke = ተሰርዟል
review-action-cancel = ተትቷል
review-action-expire = ጊዜው አልፏል

review-lead-suspend = እግዱ እስኪነሳ ድረስ አያገለግልም። ምክንያቱ ለባለቤቱ ይነገራል።
review-lead-reinstate = ከዛሬ ጀምሮ እንደገና ያገለግላል።
review-lead-revoke = ከሚመሠረቱበት ጋር ለዘለቄታው ያበቃል። ምክንያቱ ለባለቤቱ ይነገራል።
review-lead-cancel = ለዘለቄታው ያበቃል።
review-outside = ስለዚህ የቀረበው፣ የተወሰነውና የተጻፈው በአመልካቹና በባለሥልጣኑ መካከል ነው።
review-message-label = ለዚህ ማመልከቻ ሌላኛው ወገን ይጻፉ
