"""The service: GraphQL over HTTP. It knows what may be asked and how it is answered, and speaks to no database."""
