"""GraphQL types, made from the ontology and the filter grammar."""
