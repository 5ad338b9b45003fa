"""The kinds of entity. An entity holds identity; whatever sources can differ about is a claim."""

from typing import Final

from graph.ontology.types import Kind, Prop

_COVER: Final = (
    Prop("title", "text", "The title that the cover prints."),
    Prop("date", "date", "The date that the cover prints, in EDTF."),
    Prop("symbol", "code", "The document symbol, as in S/RES/1542 (2004)."),
    Prop("doi", "code", "The digital object identifier, without a resolver's address."),
    Prop("url", "code", "Where the publisher shows it."),
    Prop("licence", "text", "The licence under which it may be used.", indexed=False),
    Prop("authors", "text", "The authors in the order of the cover.", many=True),
    Prop("publishedIn", "text", "The journal, volume or series that holds it, with its pages."),
)

KINDS: Final = (
    Kind(
        "Individual",
        "Actor",
        "individuals",
        "A person, named or not; an office-holder whom no source names is a placeholder.",
        person=True,
    ),
    Kind("State", "Actor", "states", "A state: host state, troop-contributing country, permanent member, neighbour."),
    Kind(
        "Mission",
        "Actor",
        "missions",
        "A peace operation of the UN or of others, a special political mission, or a one-off intervention of states.",
    ),
    Kind(
        "UNEntity", "Actor", "unEntities", "The United Nations, or an organ, department, office, agency or panel of it."
    ),
    Kind(
        "RegionalOrganisation",
        "Actor",
        "regionalOrganisations",
        "A regional or subregional organisation, or an organ of it.",
    ),
    Kind(
        "ArmedGroup",
        "Actor",
        "armedGroups",
        "An armed group that is no state's army: rebels, a militia, a gang, a military company.",
    ),
    Kind(
        "Grouping",
        "Actor",
        "groupings",
        "A set that a source treats as one actor, named or not: permanent members, a caucus, some member states.",
    ),
    Kind(
        "Unit",
        "Actor",
        "units",
        "A part of a state, mission or organisation that acts in its own right: a contingent, a section, an army, a "
        "ministry, a permanent mission.",
    ),
    Kind(
        "CivilOrganisation",
        "Actor",
        "civilOrganisations",
        "A body outside states and their organisations: a charity, a party, a think tank, a university, a firm.",
    ),
    Kind(
        "Norm",
        "Thing",
        "norms",
        "A norm, principle or practice to which actors are held, or a task that a mandate gives.",
    ),
    Kind(
        "Instrument",
        "Thing",
        "instruments",
        "A document by which something is decided, agreed or laid down: a resolution, report, doctrine, agreement.",
        _COVER,
    ),
    Kind("Event", "Thing", "events", "Something that happened: a protest, a coup, talks, a battle, an election."),
    Kind(
        "Place",
        "Thing",
        "places",
        "A place where no state is meant: a city, a province, a region, a disputed territory.",
    ),
    Kind(
        "Term",
        "Thing",
        "terms",
        "One value of a vocabulary, closed or open, with its scheme and definition.",
        (
            Prop("scheme", "code", "The vocabulary that the term belongs to."),
            Prop("definition", "text", "What the term means, in our words."),
            Prop("rank", "number", "The place of the term where its scheme is ordered, from 1."),
            Prop("broader", "code", "The id of the wider term of the same scheme."),
        ),
    ),
    Kind("Source", "Thing", "sources", "A work that claims cite.", _COVER),
)
