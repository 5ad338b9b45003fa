"""Neo4j, the server: filled from a release file, read by one statement a level."""
