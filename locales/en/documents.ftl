### Documents of an export: the checklist, uploads, files.

documents-missing = missing
documents-download = Download
documents-remove = Remove

documents-title = Documents of { $reference }
documents-progress = { $there } of { $all } are there
documents-checklist = What this export needs
documents-type = Which document it is
documents-number = Number on the paper
documents-file = File
documents-file-hint = PDF, JPEG or PNG, at most { $size }.
documents-too-large = This file is larger than { $size }.
documents-upload-title = Attach a document
documents-upload-button = Upload
documents-upload-progress = Upload
