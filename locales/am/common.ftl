### What every page shares. Everything in this file is awaiting native review, except where a comment
### names a source in which the wording was read.

app-name = ጀበና
app-tagline = የቡና ወጪ ንግድ፣ ከጥያቄ እስከ ክፍያ

shell-skip = ወደ ዋናው ይዘት ዝለል
shell-navigation = ዋና
shell-sign-out = ውጣ
shell-language = ቋንቋ
shell-read-only = የማንበብ ብቻ ሁኔታ፦ ሁሉም ሊነበብና ሊታተም ይችላል፤ ለጊዜው ምንም ሊቀየር አይችልም።
shell-search = በማጣቀሻ ቁጥር ፈልግ
shell-demo-label = ማሳያ
shell-demo = ማሳያ፦ ድርጅቶቹና አሃዞቹ የተፈጠሩ ናቸው። እዚህ ያለ ምንም ነገር እውነተኛ የወጪ ንግድ አይደለም።
shell-announcement = ማስታወቂያ
shell-help = እርዳታ
shell-version = ስሪት { $version }
shell-signed-in-as = የገቡት በ{ $name } ስም ነው
shell-connection-lost = አገልጋዩ ምላሽ አልሰጠም። የጻፉት አልጠፋም፤ ከጥቂት ጊዜ በኋላ እንደገና ይሞክሩ።
shell-retry = ገጹን እንደገና ጫን
shell-ended = ወጥተዋል። የጻፉት አሁንም እዚህ አለ፤ ይላኩት፣ መጀመሪያ እንዲገቡ ይጠየቃሉ።
shell-idle = ለተወሰነ ጊዜ እዚህ ምንም አልተደረገም። ከአምስት ደቂቃ በኋላ ይወጣሉ።
shell-idle-stay = ሳልወጣ ልቆይ

nav-inbox = የሥራ ሣጥን
nav-dashboard = አጠቃላይ እይታ
nav-exports = ወጪ ንግዶች
nav-help = እርዳታ
nav-sign-in = ግባ

common-optional = አማራጭ
common-error-summary = ችግር አለ
common-error-prefix = ስህተት፦
common-success = ተጠናቋል
common-notice = ያስተውሉ
common-problem = አልተፈጸመም
common-newer = አዲስ
common-older = የቆየ
common-pages = ገጾች
common-back = ተመለስ
common-done-step = ተጠናቋል
common-current-step = አሁን
common-open-step = የሚቀጥል
common-failed-step = ተመልሷል

# fanabc.com
organization-kind-exporter = ቡና ላኪ
organization-kind-commercial-bank = ንግድ ባንክ
organization-kind-national-bank = የኢትዮጵያ ብሔራዊ ባንክ
# ethiocta.gov.et
organization-kind-ecta = የኢትዮጵያ ቡናና ሻይ ባለሥልጣን
organization-kind-ecx = የኢትዮጵያ ምርት ገበያ
organization-kind-shipping-line = የመርከብ ድርጅት
organization-kind-customs = የጉምሩክ ኮሚሽን
organization-kind-auditor = ኦዲተር
organization-kind-administration = አስተዳደር

role-owner = ባለቤት
role-clerk = ጸሐፊ
role-officer = ባለሙያ
role-supervisor = ተቆጣጣሪ
role-org-admin = የሠራተኞች አስተዳዳሪ
role-auditor = ኦዲተር
role-system-admin = የሥርዓት አስተዳዳሪ

status-pending = በመጠባበቅ ላይ
status-fx-approved = የውጭ ምንዛሬ ጸድቋል
status-fx-rejected = የውጭ ምንዛሬ ውድቅ ተደርጓል
status-quality-certified = ጥራት ተረጋግጧል
status-quality-rejected = ጥራት ውድቅ ተደርጓል
status-shipment-scheduled = ጭነት ተቀጥሯል
status-shipped = ተጭኗል
status-completed = ተጠናቋል
status-cancelled = ተሰርዟል

stage-preparation = ዝግጅት
stage-bank-check = የባንክ ምርመራ
# fanabc.com (foreign exchange)
stage-fx = የውጭ ምንዛሬ
stage-quality = ጥራት
stage-permit = የመላኪያ ፈቃድ
stage-scheduling = የጭነት ቀጠሮ
stage-clearance = የጉምሩክ ፍተሻ
stage-loading = ጭነት
stage-origin-signature = ምንጭ፦ የጉምሩክ ፊርማ
stage-origin = የምንጭ ምስክር ወረቀት
stage-settlement = ክፍያ ማጠናቀቂያ
stage-returned = ለላኪው ተመልሷል
stage-closed = ተዘግቷል

step-bank-check = ሰነዶችን መመርመር
step-fx = የውጭ ምንዛሬ ማጽደቅ
step-quality = ጥራት ማረጋገጥ
step-permit = የመላኪያ ፈቃድ መስጠት
step-shipment = ጭነት መቅጠር
step-customs = ከጉምሩክ ማውጣት
step-loading = ጭነት ማረጋገጥ
step-origin-signature = ስለ ጉምሩክ መፈረም
step-origin = የምንጭ ምስክር ወረቀት መስጠት
step-settlement = በክፍያ ማጠናቀቅ

nav-lots = ዕጣዎች
nav-papers = ሰነዶች
nav-system = ሥርዓት

shortcuts-title = የቁልፍ ሰሌዳ አቋራጮች
shortcuts-move = ቀጣይ እና ቀዳሚ ረድፍ
shortcuts-open = ረድፉን ክፈት
shortcuts-neighbours = በወረፋው ውስጥ ቀጣይ እና ቀዳሚ ጉዳይ
shortcuts-approve = ወደ “አጽድቅ” ሂድ
shortcuts-reject = ውድቅ ለማድረግ ወይም ለመመለስ ወደ ምክንያቱ ሂድ
shortcuts-search = ፈልግ
shortcuts-help = ይህ ዝርዝር
shortcuts-close = ዝጋ
shortcuts-off = ሊጠፉ ይችላሉ፦

common-any = ሁሉም
common-apply = ተግብር
common-cancel = ተመለስ
common-clear = ማጣሪያዎቹን አጽዳ
common-actions = ተግባራት
common-download-csv = CSV አውርድ
common-filter = ማጣሪያ
common-send = ላክ
organization-task-exporter = የወጪ ንግድ ይጠይቃል፣ ሰነዶችን ያያይዛል፣ ለጥያቄዎች ይመልሳል።
organization-task-commercial-bank = ሰነዶችን ይመረምራል፣ ወጪ ንግዱንም በክፍያ ያጠናቅቃል።
organization-task-national-bank = የውጭ ምንዛሬን ያጸድቃል።
organization-task-ecta = ጥራትን ያረጋግጣል፣ የመላኪያ ፈቃድና የምንጭ ምስክር ወረቀት ይሰጣል።
organization-task-ecx = ዕጣዎችንና የመጋዘን ደረሰኞችን ይይዛል።
organization-task-shipping-line = መርከብና ኮንቴይነር ይቀጥራል፣ ጭነትን ያረጋግጣል።
organization-task-customs = ወጪ ንግዱን ያጣራል፣ ስለ ምንጩም ይፈርማል።
organization-task-auditor = ሁሉንም ያነባል፣ ምንም አይቀይርም።
organization-task-administration = ሥርዓቱን ያስተዳድራል፤ በወጪ ንግድ ላይ አይወስንም።
