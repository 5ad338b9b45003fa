"""The kinds of claim, and the roles that any claim may carry. A new relation is declared here, its vocabularies in
`terms/`."""

from collections.abc import Mapping
from typing import Final

from graph.ontology.types import ENTITY, Prop, Relation, Slot, Vocabulary

_ROLE_DOCS: Final = (
    ("MISSION", "missions", "The mission in or about which the relation holds."),
    ("THEATRE", "theatres", "The theatre: the country, region or place in which the relation plays out."),
    ("POST", "posts", "The post that is at issue, as an actor or as the claim that fills it."),
    ("EVENT", "events", "The event in which the relation shows."),
    ("INSTRUMENT", "instruments", "The resolution, agreement, report or doctrine by which it is done."),
    ("ADDRESSEE", "addressees", "To whom it is said or done."),
    ("BYPASSED", "bypassed", "Who is passed over."),
    ("JOINTLY_WITH", "jointlyWith", "Who does it together with the first end."),
    ("COMPARED_TO", "comparedTo", "What it is compared with."),
    ("REQUESTED_BY", "requestedBy", "Who asked for it."),
    ("APPOINTED_BY", "appointedBy", "Who appointed."),
    ("OBJECT", "objects", "What it is about."),
    ("CAUSE", "causes", "What the source names as its cause."),
    ("ARRANGEMENT", "arrangements", "The many-sided arrangement out of which a pair is read."),
    ("NORM", "norms", "The norm that is at issue."),
)

ROLES: Final = tuple(Slot(name, field, (ENTITY,), doc, claims=True) for name, field, doc in _ROLE_DOCS)

COMMON_SLOTS: Final = (
    Slot("SOURCE", "sources", ("Source",), "The sources cited; each citation has a locator.", least=1),
    Slot("ATTRIBUTED_TO", "attributedTo", (ENTITY,), "Who said it, where the source reports what others say."),
    Slot("CONFLICTS_WITH", "conflictsWith", (), "The claims that cannot hold together with this one.", claims=True),
    Slot("ANCHOR", "anchors", (ENTITY,), "What the claim is placed in time by.", claims=True),
)


def roles(*names: str) -> tuple[Slot, ...]:
    """The roles that a relation lists, which become typed fields and filters of it."""
    known = {slot.name: slot for slot in ROLES}
    return tuple(known[name] for name in names)


def directed(
    there: str, back: str, from_: tuple[str, ...], to: tuple[str, ...], doc_from: str, doc_to: str
) -> tuple[Slot, Slot]:
    """The two ends of a directed relation and the connections that entities carry under them."""
    return (
        Slot("FROM", "from", from_, doc_from, least=1, most=1, back=there, end=True),
        Slot("TO", "to", to, doc_to, least=1, most=1, back=back, end=True),
    )


def relations(vocabulary: Mapping[str, Vocabulary]) -> tuple[Relation, ...]:
    """Every relation; `vocabulary` gives the closed vocabularies by their GraphQL name."""
    return (
        Relation(
            "Appointment",
            "appointments",
            "An individual holds a post with an actor; `during` is the term of office.",
            (
                *directed(
                    "appointments",
                    "appointees",
                    ("Individual",),
                    ("Actor",),
                    "Who holds the post.",
                    "With whom the post is held.",
                ),
                *roles("APPOINTED_BY", "THEATRE"),
            ),
            (
                Prop("role", vocabulary["AppointmentRole"], "The post that is held.", counted=True),
                Prop("militaryRank", "text", "The military rank, as the source prints it."),
                Prop("selectionRoute", vocabulary["SelectionRoute"], "How the holder came to the post.", counted=True),
            ),
            identity=("role",),
            not_this_but=(
                ("who appointed", "the role APPOINTED_BY", "Influence, unless the post was not taken up"),
                ("affiliated, no post named", "Membership", "Appointment"),
            ),
        ),
        Relation(
            "Partnership",
            "partnerships",
            "Two actors operate together, or one helps the other by agreement.",
            (
                Slot("END", "ends", ("Actor",), "The two partners.", least=2, most=2, back="partnerships", end=True),
                *roles("THEATRE", "ARRANGEMENT", "REQUESTED_BY", "INSTRUMENT"),
                Slot("PURPOSE", "purposes", ("Term",), "What the partnership is for.", scheme="purpose"),
            ),
            (
                Prop(
                    "forms",
                    vocabulary["PartnershipForm"],
                    "The forms that the partnership takes.",
                    many=True,
                    counted=True,
                ),
                Prop(
                    "formsScope",
                    vocabulary["FormsScope"],
                    "Whether the forms are said of the pair or of a wider arrangement.",
                    counted=True,
                ),
                Prop("intensity", "text", "How close the partnership is, in the source's own terms."),
                Prop("relativeSize", "text", "How large one partner is beside the other, in the source's own terms."),
            ),
            identity=("forms",),
            not_this_but=(
                (
                    "two actors operate together, or one helps by agreement",
                    "Partnership, with purpose",
                    "Contribution, which is what one gives",
                ),
                (
                    "one operation follows another",
                    "Succession; Partnership (sequential) only if called partners",
                    "either by inference",
                ),
                (
                    "a pair read out of a many-sided arrangement",
                    "Partnership, formsScope ARRANGEMENT",
                    "forms of the whole as forms of the pair",
                ),
            ),
        ),
        Relation(
            "Consent",
            "consents",
            "A host state or another party invites, accepts, limits or refuses the presence of a mission.",
            (
                *directed(
                    "consents",
                    "consented",
                    ("Actor",),
                    ("Mission", "Unit", "Grouping"),
                    "Whose consent it is.",
                    "To whose presence or work.",
                ),
                *roles("EVENT"),
            ),
            (
                Prop("level", vocabulary["ConsentLevel"], "How far the consent goes.", counted=True),
                Prop("scope", "text", "To what it extends, in the source's own terms."),
            ),
            identity=("level",),
            not_this_but=(
                (
                    "a host party limits access or movement",
                    "Consent (restricted, obstructed)",
                    "Hostility, for those whose consent is not at issue",
                ),
                ("a host asks for a mission", "Consent (invited)", "Authorisation (one body asks another)"),
            ),
        ),
        Relation(
            "PartOf",
            "partOf",
            "One is part of the other by nature: a component of a mission, an organ of a body, a city of a state.",
            directed("partOf", "parts", (ENTITY,), (ENTITY,), "The part.", "The whole."),
            rolls_up=True,
            same_family=True,
            also_pairs=(("Place", "State"),),
            not_this_but=(("belongs by nature; by joining or sending", "PartOf; Membership", "both"),),
        ),
        Relation(
            "Coverage",
            "coverages",
            "How completely the source that it cites has been coded: lets an empty answer say why it is empty.",
            (
                Slot(
                    "ABOUT",
                    "about",
                    (ENTITY,),
                    "The entities that the line is about; empty: the whole source.",
                    back="coverages",
                    end=True,
                ),
            ),
            (
                Prop("relation", "code", "The kind of claim that the line is about, as in APPOINTMENT."),
                Prop("field", "code", "The one field that the line is about."),
                Prop("state", vocabulary["CoverageState"], "How completely it is coded."),
            ),
            identity=("relation", "field"),
            not_this_but=(
                ("a finding about classes or causes", "nothing: Coverage says so", "an edge between classes"),
            ),
        ),
    )


def common_props(vocabulary: Mapping[str, Vocabulary]) -> tuple[Prop, ...]:
    """What every claim carries beside its slots and its own properties, as far as filters may use it."""
    return (
        Prop("polarity", vocabulary["Polarity"], "Whether the source says that it is so, or that it is not so."),
        Prop("modality", vocabulary["Modality"], "Whether it happened, was planned, or was called for."),
        Prop("certainty", vocabulary["Certainty"], "How sure the source is."),
        Prop(
            "substantiated",
            vocabulary["Substantiated"],
            "For an allegation: whether the source says that it was borne out.",
        ),
        Prop("attribution", vocabulary["AttributionMode"], "Whether each of several speakers said it, or one of them."),
        Prop("statement", "text", "The claim in one sentence of our own."),
    )
