"""The domain: what exists in peace operations and what can be asked of it. No HTTP, no GraphQL, no file formats of
others."""
