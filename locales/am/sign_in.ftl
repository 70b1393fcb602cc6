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
