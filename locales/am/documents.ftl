### Documents of an export. Everything in this file is awaiting native review.

documents-missing = የጎደለ
documents-download = አውርድ
documents-remove = አስወግድ

documents-title = የ{ $reference } ሰነዶች
documents-progress = ከ{ $all } ውስጥ { $there } አሉ
documents-checklist = ይህ ወጪ ንግድ የሚያስፈልገው
documents-type = የሰነዱ ዓይነት
documents-number = በወረቀቱ ላይ ያለው ቁጥር
documents-file = ፋይል
documents-file-hint = PDF፣ JPEG ወይም PNG፣ ቢበዛ { $size }።
documents-too-large = ይህ ፋይል ከ{ $size } ይበልጣል።
documents-upload-title = ሰነድ አያይዝ
documents-upload-button = ስቀል
documents-upload-progress = መስቀል
