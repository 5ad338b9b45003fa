"""The HTTP edge: protocols, media types, status codes. What a question means is not known here."""
