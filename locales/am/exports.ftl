### Lists of exports, and the request for a new one. Everything in this file is awaiting native review.

exports-title = ወጪ ንግዶች
exports-reference = ማጣቀሻ
exports-exporter = ላኪ
exports-coffee = ቡና
exports-destination = መዳረሻ
exports-documents = ሰነዶች
exports-value = ዋጋ
exports-status = ሁኔታ
exports-stage = ደረጃ
exports-requested = የተጠየቀበት
exports-search = ማጣቀሻ ወይም ላኪ
exports-empty-title = ወጪ ንግድ የለም
exports-empty-text = የሚስማማ የለም። ማየት የሚችሉትን ሁሉ ለማየት ማጣሪያዎቹን ያጽዱ።
exports-new-title = አዲስ የወጪ ንግድ ጥያቄ
exports-new-lead = የጸደቀ ውልና የተመረመረ ዕጣ ይምረጡ። ጥያቄው እስኪያስገቡት ድረስ እንደ ረቂቅ ይቆያል።
exports-new-submit = ጥያቄውን ፍጠር
