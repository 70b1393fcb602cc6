### The inbox: what waits for an organisation. Everything in this file is awaiting native review.

inbox-title = የሥራ ሣጥን
inbox-buckets = የሥራ ሣጥኑ ክፍሎች
inbox-all = ሁሉም
inbox-overdue = ጊዜው ያለፈ
inbox-due-today = ዛሬ የሚያበቃ
inbox-later = በኋላ
inbox-mine = የእኔ
inbox-unassigned = ያልተያዘ
inbox-age = የቆየበት
inbox-who = የያዘው
inbox-claim = ያዝ
inbox-empty-title = እዚህ የሚጠብቅ ነገር የለም
inbox-empty-text = አዳዲስ ጉዳዮች በራሳቸው ይታያሉ። ማጣሪያ ካለ ሙሉውን ለማየት ያጽዱት።
