### Lists of exports, and the request for a new one.

exports-title = Exports
exports-reference = Reference
exports-exporter = Exporter
exports-coffee = Coffee
exports-destination = Destination
exports-documents = Documents
exports-value = Value
exports-status = Status
exports-stage = Stage
exports-requested = Requested
exports-search = Reference or exporter
exports-empty-title = No exports
exports-empty-text = Nothing matches. Clear the filters to see all that you may see.
exports-new-title = New export request
exports-new-lead = Choose an approved contract and an inspected lot. The request is kept as a draft until you submit it.
exports-new-submit = Create the request
