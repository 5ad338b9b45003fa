"""GraphQL types, made from the ontology and the filter grammar: `CORE` validates, `SPECIES` and `ROOTS` plan, `dataset`
describes the data set, `printed` is the text of `schema.graphql`."""

from api.schema.arguments import (
    MOST_PAGE,
    PAGE,
    chosen_roles,
    facet,
    is_storable,
    nested,
    order,
    paging,
    plain,
    reading,
    where,
)
from api.schema.build import CORE, SCHEMA, SPECIES, printed
from api.schema.dataset import dataset
from api.schema.enums import TYPENAMES
from api.schema.roots import ROOTS, Asked, RootField

__all__ = [
    "CORE",
    "MOST_PAGE",
    "PAGE",
    "ROOTS",
    "SCHEMA",
    "SPECIES",
    "TYPENAMES",
    "Asked",
    "RootField",
    "chosen_roles",
    "dataset",
    "facet",
    "is_storable",
    "nested",
    "order",
    "paging",
    "plain",
    "printed",
    "reading",
    "where",
]
