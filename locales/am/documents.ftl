### Documents of an export. Everything in this file is awaiting native review.

documents-missing = የጎደለ
documents-download = አውርድ
documents-remove = አስወግድ
