"""Taking in what clerks and systems send: batches, resumable uploads, archives, the look at pages before reading."""
