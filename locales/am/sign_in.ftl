### Signing in and out. Everything in this file is awaiting native review.

sign-in-title = ግባ
sign-in-lead = የድርጅትዎ የሠራተኞች አስተዳዳሪ ባዘጋጀልዎ መለያ።
sign-in-username = የተጠቃሚ ስም
sign-in-password = የይለፍ ቃል
sign-in-button = ግባ
sign-in-failed = የተጠቃሚው ስም ወይም የይለፍ ቃሉ ትክክል አይደለም፣ ወይም መለያው ተዘግቷል።
sign-in-missing-username = የተጠቃሚ ስምዎን ያስገቡ
sign-in-missing-password = የይለፍ ቃልዎን ያስገቡ
sign-in-busy = አሁን ብዙ ሰዎች እየገቡ ነው። ከጥቂት ሰከንዶች በኋላ እንደገና ይሞክሩ።
sign-in-closed = ብዙ ሙከራዎች አልተሳኩም። ከ{ $minutes } ደቂቃ በኋላ እንደገና ይሞክሩ።
sign-in-signed-out = ወጥተዋል።
sign-in-demo = በዚህ ማሳያ ሰው መምረጥም ይችላሉ።
sign-in-forgotten = የይለፍ ቃሌን ረሳሁ
forgotten-title = የተረሳ የይለፍ ቃል
forgotten-lead = የተጠቃሚ ስምዎን ያስገቡ። መለያው የእርስዎ መሆኑ የታወቀ የኢሜይል አድራሻ ካለው አዲስ የይለፍ ቃል የሚመርጡበት አገናኝ ይላካል፤ ለ{ $minutes } ደቂቃዎች ይሠራል።
forgotten-without-mail = ይህ ጣቢያ ኢሜይል አይልክም። የድርጅትዎን አስተዳዳሪ ይጠይቁ፤ እነሱ በጣቢያው አስኪያጅ ሌላ አገናኝ ያሠሩልዎታል።
forgotten-submit = አገናኝ ላክልኝ
forgotten-asked = ለመለያው መጻፍ የሚቻል ከሆነ ኢሜይል በመንገድ ላይ ነው። ከጥቂት ደቂቃዎች በኋላ ካልደረሰ ያልተፈለጉ ኢሜይሎችን ይመልከቱ ወይም አስተዳዳሪዎን ይጠይቁ።
new-password-title = አዲስ የይለፍ ቃል ይምረጡ
new-password-lead = ከዚያ በኋላ ከሁሉም ቦታ ይወጣሉ፤ በአዲሱም ይገባሉ።
new-password-submit = የይለፍ ቃሉን አስቀምጥ
new-password-set = የይለፍ ቃልዎ ተቀይሯል። በእሱ ይግቡ።
new-password-gone = ይህ አገናኝ ጥቅም ላይ ውሏል። ካስፈለገ ሌላ ይጠይቁ።

kept-form-title = ገብተዋል
kept-form-lead = የጻፉት ገና አልተላከም። አሁን ይላኩ ወይም ይመለሱ።
kept-form-send = ላክ
