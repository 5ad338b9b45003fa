"""SQLite, the embedded engine: a release is one file, which is never changed once it bears its name."""
