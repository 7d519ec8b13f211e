"""Who sits there: documents, the adult check, and the registration the law asks for.

`card_text` turns a chip's bytes into fields, `typed_documents` a file into the same, `documents` judges
them on a date, `registration` seals what must be kept and writes the entry.
"""
