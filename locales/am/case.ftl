### The page of a case. Everything in this file is awaiting native review.

case-way = የዚህ ወጪ ንግድ መንገድ
case-queue = በወረፋዎ
case-position = በወረፋዎ ውስጥ { $at } ከ{ $all }
case-previous = ቀዳሚ
case-next = ቀጣይ
case-changed = ይህ ጉዳይ ከከፈቱት በኋላ ተቀይሯል።
case-ended = ወጥተዋል። የጻፉት አሁንም እዚህ አለ፤ እንደገና ከመግባትዎ በፊት ይቅዱት።
case-checks = ፍተሻዎች
case-facts-trade = ግብይቱ
case-facts-coffee = ቡናው
case-commercial = የንግድ ሰነዶች
case-papers = ወረቀቶች
case-claim = የሚሠራበት
case-unclaimed = እስካሁን የያዘው የለም።
case-hand-over = አስተላልፍ
case-hand-over-to = የሚተላለፍለት
case-documents = ሰነዶች
case-documents-manage = አያይዝና አስተዳድር
case-document-alone = ለብቻው ክፈት
case-timeline = የተከናወነው
case-messages = መልእክቶች
case-messages-none = እስካሁን ማንም አልጻፈም።
case-message-label = ለዚህ ወጪ ንግድ ተሳታፊዎች ሁሉ ይጻፉ
case-cancel = ይህን ወጪ ንግድ ሰርዝ
case-cancel-lead = ወጪ ንግዱ እዚህ ለዘለቄታው ያበቃል። ከዕጣ፣ ከውልና ከኮታ የያዘው ይለቀቃል፤ ያልተጠቀመበት ፈቃድም ይሰረዛል።
case-cancel-submit = ወጪ ንግዱን ሰርዝ
