"""The output types that the ontology does not multiply: parts of entities and claims, of connections, of answers, and
the data set's description of itself."""

from typing import Final

from api.schema.shape import Field, Output, output
from api.schema.species import Filler, Inside, Leaf
from graph.grammar import end_type
from graph.ontology import ONTOLOGY
from graph.ontology.types import CLAIM, ENTITY
from graph.reading import COVERAGE, LEFT_OUT
from graph.walk import COVERED, DENIED

_SLOT: Final = {slot.name: slot for slot in ONTOLOGY.common_slots}
_SOURCE: Final = end_type(_SLOT["SOURCE"])
NODE: Final = "Node"
FACT_TYPE: Final = "Fact"


def leaf(name: str, type: str, doc: str, *, many: bool = False, null: bool = False) -> Field:
    """A value that stands in the document under the field's own name."""
    return Field(name, type, doc, Leaf(name, many), many, null)


def inside(name: str, type: str, doc: str, *, many: bool = False, null: bool = False) -> Field:
    """An object, or a list of objects, in the document under the field's own name."""
    return Field(name, type, doc, Inside(name, many), many, null)


def _nodes(name: str, type: str, doc: str, path: str) -> Field:
    """Nodes whose ids stand in an object that is made while answering, not in a document: a hop brings them."""
    return Field(name, type, doc, Filler(name, path, (), many=True), many=True)


_LEFT_OUT_DOCS: Final = {
    "denied": "Claims that a source denies.",
    "planned": "Claims of what was planned.",
    "calledFor": "Claims of what was called for.",
    "alleged": "Allegations.",
    "possible": "Rows whose vague dates match possibly.",
    "undated": "Rows of which no date is known.",
}


def _of_nodes() -> tuple[Output, ...]:
    """What stands inside the documents of entities and claims."""
    fillers = tuple(role.name for role in ONTOLOGY.roles)
    return (
        output(
            "Alias",
            "Another name of an entity.",
            leaf("name", "String", "The name, as the source prints it."),
            leaf("kind", "AliasKind", "What this name is."),
            leaf("language", "String", "Its language, as a BCP 47 tag; null if that is not known.", null=True),
            Field("source", _SOURCE, "The source that prints it.", Filler("source", "aliases.source", ())),
            leaf("locator", "String", "Where in the source."),
        ),
        output(
            "Identifier",
            "What an entity is called in a list that others keep.",
            leaf("scheme", "String", "The list, as in ISO3166 or WIKIDATA."),
            leaf("value", "String", "The identifier in it."),
        ),
        output(
            "Interval",
            "When a claim holds, as far as its source lets it be known.",
            inside("start", "DateBounds", "When it begins.", null=True),
            inside("end", "DateBounds", "When it ends.", null=True),
            leaf("duration", "String", "How long, in ISO 8601 (`P6M`), where the source says so.", null=True),
            inside("anchors", "Anchor", "What it is placed in time by.", many=True),
        ),
        output(
            "DateBounds",
            "A date that may be vague: the days between which it lies.",
            leaf("edtf", "EDTF", "As the source gives it; null if it gives none; `..` where it goes on.", null=True),
            leaf("earliest", "Date", "The first day on which it can be; null if there is no bound.", null=True),
            leaf("latest", "Date", "The last day on which it can be; null if there is no bound.", null=True),
            leaf("basis", "DateBasis", "Where the bounds come from."),
        ),
        output(
            "Anchor",
            "A node by which a claim is placed in time.",
            leaf("how", "AnchorHow", "How the claim lies to the node."),
            Field("node", NODE, "A claim, a source, or an entity.", Filler("node", "during.anchors.node", ("ANCHOR",))),
        ),
        output(
            "Citation",
            "Where a source says it.",
            Field("source", _SOURCE, "The source.", Filler("source", "citations.source", ("SOURCE",))),
            leaf("locator", "String", "The page, section, table or note."),
        ),
        output(
            "Doubt",
            "A field of a claim that is less than explicit in the source.",
            leaf("field", "String", "The field."),
            leaf("basis", "DoubtBasis", "Why it is less than explicit."),
            leaf("how", "String", "How it was read all the same."),
        ),
        output(
            "Wording",
            "The source's own word for a field.",
            leaf("field", "String", "The field."),
            leaf("text", "String", "The source's word: a title, a label."),
        ),
        output(
            "Ordinal",
            "The n-th of something, where the source counts: the first, the last, the third.",
            leaf("n", "Int", "Counted from 1; -1 is the last."),
            leaf("among", "String", "Among what it is counted."),
        ),
        output(
            "Involved",
            "What takes part in a claim without being an end of it.",
            leaf("role", "Role", "By which role."),
            Field("node", NODE, "An entity or a claim.", Filler("node", "involves.node", fillers)),
        ),
    )


def _of_facts() -> tuple[Output, ...]:
    """What claims tell together, and how often."""
    return (
        output(
            FACT_TYPE,
            "What claims of one relation with the same ends tell together, when their dates can all hold at once.",
            leaf("id", "ID", "Its id, which is none of a node; filters of claims take it as `fact`."),
            Field(
                "claims",
                CLAIM,
                "Those of its claims that take part, by time.",
                Filler("claims", "", (), many=True),
                many=True,
            ),
            inside("during", "Interval", "When: the days that all of these claims leave."),
            leaf("differ", "String", "The fields of which two of these claims say different things.", many=True),
        ),
        output(
            "Facet",
            "How often a value stands in a list of claims.",
            leaf("value", "String", "A value of an enum, or the id of a node; null: no value is given.", null=True),
            Field("node", ENTITY, "The entity of that id; null for other values.", Filler("node", "", ()), null=True),
            leaf("count", "Int", "How many claims, facts or nodes it stands for."),
        ),
    )


def _of_answers() -> tuple[Output, ...]:
    """What stands beside the rows of a connection, and the answers that are no connection."""
    return (
        output(
            "PageInfo",
            "Where a page stands in its list.",
            leaf("hasNextPage", "Boolean", "Whether rows follow this page; exact when read with `first`."),
            leaf("hasPreviousPage", "Boolean", "Whether rows precede this page; exact when read with `last`."),
            leaf("startCursor", "String", "The cursor of the first row; null on an empty page.", null=True),
            leaf("endCursor", "String", "The cursor of the last row; null on an empty page.", null=True),
        ),
        output(
            "LeftOut",
            "How many rows the reading kept out, each count by what it would take to let them in.",
            *(leaf(name, "Int", _LEFT_OUT_DOCS[name]) for name in LEFT_OUT),
        ),
        output(
            "Absence",
            "Why nothing was found.",
            leaf("verdict", "AbsenceVerdict", "The first reason that holds."),
            _nodes("deniedBy", CLAIM, "The denials that match.", DENIED),
            _nodes("coverage", COVERAGE.name, "For each source the line that says most of it.", COVERED),
        ),
        output(
            "Network",
            "The entities and claims around some nodes.",
            _nodes("entities", ENTITY, "The entities, in the order in which they were reached.", "entities"),
            _nodes("claims", CLAIM, "The claims whose ends are all among the entities.", "claims"),
            leaf("truncated", "Boolean", "Whether a limit cut the network short."),
        ),
        output(
            "SearchAnswer",
            "What a search found.",
            _nodes("nodes", NODE, "Entities and claims, best first.", "nodes"),
            inside("hits", "SearchHit", "The same, each with what is said of it here.", many=True),
            leaf("truncated", "Boolean", "Whether there were more."),
        ),
    )


def _of_names() -> tuple[Output, ...]:
    """What is said of a name that was asked for, and of what was found by words."""
    found = (
        leaf("score", "Float", "How well it answers, from 0 to 1; `MatchReason` says how it is made."),
        leaf("reason", "MatchReason", "Why it was found."),
        inside("matched", "MatchedText", "What was met."),
        leaf("leftAside", "String", "Titles in front and a year behind that were left aside for it.", many=True),
    )
    return (
        output(
            "SearchHit",
            "What a search found, and why.",
            Field("node", NODE, "The entity or claim.", Filler("node", "node", ())),
            *found,
        ),
        output(
            "MatchedText",
            "The text in which something was met: a name, a description of ours, a statement.",
            leaf("text", "String", "The text."),
            leaf(
                "kind", "AliasKind", "What the name is; null for the display name and where it is no name.", null=True
            ),
            Field(
                "source",
                _SOURCE,
                "The source that prints the name, if it is not the display name.",
                _PRINTED,
                null=True,
            ),
            leaf("locator", "String", "Where in the source.", null=True),
        ),
        output(
            "ResolvedName",
            "What may be meant by a name.",
            leaf("asked", "String", "The name as it was asked for."),
            leaf("verdict", "NameVerdict", "What came of it."),
            inside("candidates", "NameCandidate", "What may be meant, best first.", many=True),
            leaf("truncated", "Boolean", "Whether there were more."),
        ),
        output(
            "NameCandidate",
            "An entity that may be meant by a name.",
            Field("node", ENTITY, "The entity.", Filler("node", "node", ())),
            leaf("naming", "Naming", "What it is to the name."),
            *found,
            _nodes("identityClaims", CLAIM, "What is said of it being the same as others, or not.", "identityClaims"),
            _nodes(
                "through", CLAIM, "The claims by which it followed, or went before, what bears the name.", "through"
            ),
        ),
    )


_PRINTED: Final = Filler("source", "source", ())


def _of_the_data_set() -> tuple[Output, ...]:
    """What the data set says of itself, and the ontology in its own words."""
    named = (
        leaf("name", "String", "The name of its GraphQL type."),
        leaf("field", "String", "The root field that lists it."),
        leaf("description", "String", "What it is."),
    )
    return (
        output(
            "Dataset",
            "The release that answers, and the ontology that it is written in.",
            leaf("release", "Int", "The number of the release."),
            leaf("builtAt", "String", "When it was built, in ISO 8601, UTC."),
            leaf("digest", "String", "The digest of everything that it was built from."),
            leaf("schemaVersion", "String", "The digest of the ontology that it was built with."),
            inside("licence", "Licence", "Under which licences it may be used."),
            leaf("citation", "String", "How to cite the release."),
            inside("counts", "KindCount", "How many there are of each kind.", many=True),
            inside(
                "coverage",
                "SourceCoverage",
                f"How completely each source as a whole is coded; `{COVERAGE.field}` has every line, with its reason.",
                many=True,
            ),
            inside("kinds", "KindDefinition", "The kinds of entity.", many=True),
            inside("relations", "RelationDefinition", "The kinds of claim.", many=True),
            inside("roles", "SlotDefinition", "The roles that a claim of any kind may carry.", many=True),
            inside("vocabularies", "VocabularyDefinition", "The closed vocabularies with their terms.", many=True),
        ),
        output(
            "Licence",
            "Under which licences data and program may be used, as SPDX identifiers.",
            leaf("data", "String", "That of the data."),
            leaf("code", "String", "That of the program."),
        ),
        output(
            "KindCount",
            "How many entities or claims of a kind the release holds.",
            leaf("kind", "Kind", "The kind."),
            leaf("count", "Int", "How many."),
        ),
        output(
            "SourceCoverage",
            "How completely one source is coded for one kind of claim.",
            leaf("source", "ID", "The id of the source."),
            leaf("relation", "String", "The kind of claim, as in APPOINTMENT; null: all of them.", null=True),
            leaf("state", "CoverageState", "How completely it is coded.", null=True),
        ),
        output(
            "KindDefinition",
            "A kind of entity.",
            leaf("kind", "Kind", "Its value in the enum of kinds."),
            *named,
            leaf("family", "String", "The family that it belongs to, an interface."),
            inside("properties", "PropertyDefinition", "What it holds beside what every entity holds.", many=True),
        ),
        output(
            "RelationDefinition",
            "A kind of claim.",
            leaf("kind", "Kind", "Its value in the enum of kinds."),
            *named,
            inside("slots", "SlotDefinition", "Its ends, then its roles and its open vocabularies.", many=True),
            inside("properties", "PropertyDefinition", "What it holds beside what every claim holds.", many=True),
            leaf("identity", "String", "The fields that, with the ends, say that two claims tell one fact.", many=True),
            leaf("symmetric", "Boolean", "Whether its two ends are alike."),
            leaf("rollsUp", "Boolean", "Whether `within` may follow it from its first end to its second."),
            inside("notThisBut", "CodingRule", "What is coded as this, and what is not.", many=True),
        ),
        output(
            "SlotDefinition",
            "A place of a claim that nodes fill.",
            leaf("name", "String", "Its constant."),
            leaf("field", "String", "The field of a claim that shows what fills it."),
            leaf("description", "String", "What stands in it."),
            leaf("kinds", "Kind", "The kinds of entity that may fill it.", many=True),
            leaf("takesClaims", "Boolean", "Whether a claim may fill it as well."),
            leaf("isEnd", "Boolean", "Whether it is an end of the claim."),
            leaf("least", "Int", "How many nodes fill it at least."),
            leaf("most", "Int", "How many nodes fill it at most; null: any number.", null=True),
            leaf("connection", "String", "The field under which an entity lists such claims.", null=True),
            leaf("scheme", "String", "The open vocabulary whose terms fill it.", null=True),
        ),
        output(
            "PropertyDefinition",
            "A property of an entity or a claim.",
            leaf("name", "String", "Its name, which is that of the field."),
            leaf("type", "String", "text, code, number, decimal, flag or date, or the name of a vocabulary."),
            leaf("list", "Boolean", "Whether it holds several values."),
            leaf("description", "String", "What it says."),
        ),
        output(
            "CodingRule",
            "A fact that could be coded in two ways, and which of them is right.",
            leaf("fact", "String", "The fact."),
            leaf("codeAs", "String", "How it is coded."),
            leaf("notAs", "String", "How it is not coded."),
        ),
        output(
            "VocabularyDefinition",
            "A closed vocabulary, which is an enum of the same name.",
            leaf("name", "String", "The name of the enum."),
            leaf("scheme", "String", "The scheme of its terms."),
            leaf("description", "String", "What it tells apart."),
            inside("terms", "TermDefinition", "Its terms.", many=True),
        ),
        output(
            "TermDefinition",
            "A value of a closed vocabulary.",
            leaf("id", "ID", "The id of the entity that stands for it."),
            leaf("name", "String", "The value of the enum."),
            leaf("definition", "String", "What it means, in our words."),
            leaf("rank", "Int", "Its place where the scheme is ordered, from 1.", null=True),
            leaf("broader", "String", "The value of the wider term.", null=True),
        ),
    )


VALUES: Final = (*_of_nodes(), *_of_facts(), *_of_answers(), *_of_names(), *_of_the_data_set())
