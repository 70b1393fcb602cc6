### The inbox: what waits for an organisation.

inbox-title = Inbox
inbox-buckets = Parts of the inbox
inbox-all = All
inbox-overdue = Overdue
inbox-due-today = Due today
inbox-later = Later
inbox-mine = Mine
inbox-unassigned = Nobody’s
inbox-age = Waiting
inbox-who = Taken by
inbox-claim = Take
inbox-empty-title = Nothing waits here
inbox-empty-text = New cases appear by themselves. If filters are set, clear them to see the whole inbox.
