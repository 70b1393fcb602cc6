### The decision on a step. Everything in this file is awaiting native review.

decide-approve = አጽድቅ
decide-send-back = መልስ
decide-reject = ውድቅ አድርግ
decide-otherwise = ከምክንያት ጋር መልስ ወይም ውድቅ አድርግ
decide-reason-label = ምክንያት
decide-reason-hint = ከ10 እስከ 500 ፊደላት። ላኪውና ሁሉም ተሳታፊ ያነቡታል።
