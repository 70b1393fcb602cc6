### The decision on a step.

decide-approve = Approve
decide-send-back = Send back
decide-reject = Reject
decide-otherwise = Send back or reject, with a reason
decide-reason-label = Reason
decide-reason-hint = 10 to 500 characters. The exporter and every party read it.
