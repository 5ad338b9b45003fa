"""The engines. The only place where a database is spoken to; each prints what `graph.predicate` means and
`graph.plan` asks."""
