### Documents of an export: the checklist, uploads, files.

documents-missing = missing
documents-download = Download
documents-remove = Remove
