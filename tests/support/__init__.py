"""What the tests stand on: a real Neo4j and a network that can be broken on purpose. See README.md beside this file."""
