"""The kinds of claim, and the roles that any claim may carry. A new relation is declared here, its vocabularies in
`terms/`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from graph.ontology.rules import rules
from graph.ontology.types import ENTITY, TERM, Prop, Relation, Slot, Vocabulary

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


def terms(name: str, field: str, scheme: str, doc: str, *, most: int | None = None) -> Slot:
    """A slot that the terms of an open vocabulary fill."""
    return Slot(name, field, (TERM,), doc, most=most, scheme=scheme)


def relations(vocabulary: Mapping[str, Vocabulary]) -> tuple[Relation, ...]:
    """Every relation with its rules of coding; `vocabulary` gives the closed vocabularies by their GraphQL name. What
    rolls up stands in the order in which `within` offers it, the default first."""
    every = (
        *_people(vocabulary),
        *_together(vocabulary),
        *_norms(vocabulary),
        *_bodies(vocabulary),
        *_acts(vocabulary),
        *_descriptions(vocabulary),
    )
    return tuple(replace(relation, not_this_but=rules(relation.name)) for relation in every)


_OPERATIONS: Final = ("Mission", "Unit", "Grouping")
"""What is sent, authorised, mandated and consented to."""


def _people(vocabulary: Mapping[str, Vocabulary]) -> tuple[Relation, ...]:
    """Who holds which post, where people come from, who is where."""
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
            usual=(
                ("Individual", "Mission"),
                ("Individual", "UNEntity"),
                ("Individual", "RegionalOrganisation"),
                ("Individual", "State"),
                ("Individual", "Unit"),
            ),
        ),
        Relation(
            "Nationality",
            "nationalities",
            "An individual has the nationality of a state, or an armed group is at home in it.",
            (
                *directed(
                    "nationalities",
                    "nationals",
                    ("Individual", "ArmedGroup"),
                    ("State",),
                    "Whose nationality it is.",
                    "Of which state.",
                ),
            ),
            usual=(("Individual", "State"),),
        ),
        Relation(
            "Deployment",
            "deployments",
            "An actor is present in a state or at a place: a mission, a contingent, a person, an army.",
            (*directed("deployments", "hosted", ("Actor",), ("State", "Place"), "Who is there.", "Where."),),
            usual=(
                ("Mission", "State"),
                ("Mission", "Place"),
                ("Unit", "State"),
                ("Unit", "Place"),
                ("State", "State"),
                ("State", "Place"),
                ("Individual", "State"),
                ("Individual", "Place"),
            ),
        ),
    )


def _together(vocabulary: Mapping[str, Vocabulary]) -> tuple[Relation, ...]:
    """Who gives what to whom, who works with whom, and who agrees to it."""
    return (
        Relation(
            "Contribution",
            "contributions",
            "One actor gives another what it works with: troops, money, equipment, leadership.",
            (
                *directed(
                    "contributions",
                    "contributors",
                    ("Actor",),
                    ("Actor",),
                    "Who gives.",
                    "Who receives: a mission, a unit, an organisation.",
                ),
                terms(
                    "CAPABILITY",
                    "capabilities",
                    "capability",
                    "What is given, more closely: helicopters, engineers, a hospital.",
                ),
            ),
            (
                Prop("type", vocabulary["ContributionType"], "What the contribution consists of.", counted=True),
                Prop(
                    "quantity",
                    "decimal",
                    "How much or how many, where the source says so.",
                ),
            ),
            identity=("type", "capabilities"),
            usual=(
                ("State", "Actor"),
                ("RegionalOrganisation", "Actor"),
                ("UNEntity", "Actor"),
                ("Unit", "Actor"),
                ("Grouping", "Actor"),
            ),
        ),
        Relation(
            "Partnership",
            "partnerships",
            "Two actors operate together, or one helps the other by agreement.",
            (
                Slot("END", "ends", ("Actor",), "The two partners.", least=2, most=2, back="partnerships", end=True),
                *roles("THEATRE", "ARRANGEMENT", "REQUESTED_BY", "INSTRUMENT"),
                terms("PURPOSE", "purposes", "purpose", "What the partnership is for."),
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
            identity=("forms", "theatres"),
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
                    _OPERATIONS,
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
            usual=(
                ("State", "Mission"),
                ("State", "Unit"),
                ("ArmedGroup", "Mission"),
                ("Grouping", "Mission"),
                ("State", "Grouping"),
            ),
        ),
    )


def _norms(vocabulary: Mapping[str, Vocabulary]) -> tuple[Relation, ...]:
    """What actors make of norms, and what missions are told to do."""
    return (
        Relation(
            "NormContestation",
            "normContestations",
            "An actor or a document takes a stance towards a norm, a document or an operation: for it or against it, "
            "in word or in deed.",
            (
                *directed(
                    "normContestations",
                    "contestations",
                    ("Actor", "Instrument"),
                    ("Norm", "Instrument", "Mission", "Unit", "Grouping"),
                    "Whose stance it is.",
                    "Towards what.",
                ),
                *roles("MISSION", "ADDRESSEE", "EVENT"),
            ),
            (
                Prop("direction", vocabulary["ContestationDirection"], "Which way the norm is moved.", counted=True),
                Prop("dimension", vocabulary["ContestationDimension"], "What of the norm is at issue.", counted=True),
                Prop(
                    "mode",
                    vocabulary["ContestationMode"],
                    "Whether the stance shows in speech or in practice.",
                    counted=True,
                ),
                Prop(
                    "indicators",
                    vocabulary["ImplementationIndicator"],
                    "By which signs of reluctance it is told.",
                    many=True,
                    counted=True,
                ),
                Prop(
                    "implementerClass",
                    vocabulary["ImplementerClass"],
                    "Where the actor stands on the continuum of implementers, as the source finds it.",
                    counted=True,
                ),
                Prop(
                    "phase",
                    "text",
                    "The phase of the term or the mission for which it is said, in the source's own terms.",
                ),
            ),
            identity=("direction", "dimension", "mode", "implementerClass", "phase", "missions"),
        ),
        Relation(
            "Alignment",
            "alignments",
            "A source finds that the conduct of an individual, a unit or a mission agrees with the position of a "
            "state, or departs from it.",
            (
                *directed(
                    "alignments",
                    "alignmentsWith",
                    ("Individual", "Unit", "Mission"),
                    ("State",),
                    "Whose conduct is judged.",
                    "With whose position it is compared.",
                ),
                *roles("MISSION", "NORM"),
            ),
            (
                Prop("finding", vocabulary["AlignmentFinding"], "What the source finds.", counted=True),
                Prop(
                    "phase",
                    "text",
                    "The phase of the term or the mission for which it is said, in the source's own terms.",
                ),
            ),
            identity=("phase", "missions", "norms"),
            usual=(("Individual", "State"),),
        ),
        Relation(
            "ViolationResponse",
            "violationResponses",
            "An actor answers, or leaves unanswered, the violation of a norm by another; the violation is its EVENT.",
            (
                *directed(
                    "violationResponses",
                    "responsesReceived",
                    ("Actor",),
                    ("Actor",),
                    "Who answers.",
                    "Who is answered: to whom the violation is laid.",
                ),
                *roles("EVENT", "COMPARED_TO"),
                terms(
                    "FACTOR",
                    "factorsCited",
                    "response-factor",
                    "What the source says the choice of the answer depended on.",
                ),
            ),
            (
                Prop(
                    "option",
                    vocabulary["ResponseOption"],
                    "The answer, on the spectrum from conciliation to confrontation.",
                    counted=True,
                ),
                Prop(
                    "pole",
                    vocabulary["ResponsePole"],
                    "To which end it leans, where the source names no option.",
                    counted=True,
                ),
            ),
            identity=("option", "pole", "events"),
        ),
        Relation(
            "Mandate",
            "mandates",
            "A mission, unit or grouping is given a task or a norm to uphold.",
            (
                *directed(
                    "mandates",
                    "mandated",
                    _OPERATIONS,
                    ("Norm",),
                    "Who is to do it.",
                    "The task, or the norm to be upheld.",
                ),
                *roles("INSTRUMENT", "THEATRE"),
            ),
            (
                Prop(
                    "explicitness",
                    vocabulary["MandateExplicitness"],
                    "Whether the mandate names the task.",
                    counted=True,
                ),
                Prop("force", vocabulary["MandatedForce"], "How far force may go for it.", counted=True),
                Prop(
                    "chapter",
                    vocabulary["CharterChapter"],
                    "The chapter of the Charter on which it rests.",
                    counted=True,
                ),
                Prop("extent", "text", "How far the task reaches, in the source's own terms."),
            ),
        ),
        Relation(
            "NormRelation",
            "normRelations",
            "A norm or a document bears on a norm.",
            (
                *directed(
                    "normRelations",
                    "relatedNorms",
                    ("Norm", "Instrument"),
                    ("Norm",),
                    "What bears on it.",
                    "The norm that it bears on.",
                ),
            ),
            (Prop("normRelationAct", vocabulary["NormRelationAct"], "How it bears on it.", counted=True),),
            identity=("normRelationAct",),
        ),
    )


def _bodies(vocabulary: Mapping[str, Vocabulary]) -> tuple[Relation, ...]:
    """What belongs to what, where its authority comes from, what came before it."""
    return (
        Relation(
            "Authorisation",
            "authorisations",
            "A body gives an operation its authority, renews it or changes it.",
            (
                *directed(
                    "authorisations", "authorisedBy", ("Actor",), _OPERATIONS, "Who authorises.", "What is authorised."
                ),
                *roles("INSTRUMENT"),
            ),
            (Prop("authorisationAct", vocabulary["AuthorisationAct"], "What the body does.", counted=True),),
            identity=("authorisationAct", "instruments"),
            usual=(
                ("UNEntity", "Mission"),
                ("RegionalOrganisation", "Mission"),
                ("UNEntity", "Unit"),
                ("State", "Mission"),
            ),
        ),
        Relation(
            "PartOf",
            "partOf",
            "One is part of the other by nature: a component of a mission, an organ of a body, a city of a state.",
            (*directed("partOf", "parts", (ENTITY,), (ENTITY,), "The part.", "The whole."),),
            rolls_up=True,
            same_family=True,
            also_pairs=(("Place", "State"),),
            alike=True,
            usual=(
                ("Unit", "Mission"),
                ("Unit", "State"),
                ("Unit", "UNEntity"),
                ("Mission", "UNEntity"),
                ("Mission", "RegionalOrganisation"),
                ("Place", "State"),
            ),
        ),
        Relation(
            "Membership",
            "memberships",
            "One actor belongs to another by joining it or by being counted in it: a state, an organisation, a person, "
            "a caucus.",
            (
                *directed(
                    "memberships",
                    "members",
                    ("Actor",),
                    ("Actor",),
                    "Who belongs.",
                    "To what: an organisation, a grouping, a community of practice.",
                ),
            ),
            (
                Prop(
                    "membershipStanding", vocabulary["MembershipStanding"], "With what rights it belongs.", counted=True
                ),
                Prop(
                    "membershipRole",
                    "text",
                    "As what it belongs, in the source's own terms: non-permanent member, founder.",
                ),
            ),
            identity=("membershipStanding",),
            rolls_up=True,
        ),
        Relation(
            "Succession",
            "successions",
            "The later comes after the earlier, or out of it: a mission after a mission, a body under a new name, one "
            "holder of a post after another.",
            (
                *directed("successors", "predecessors", (ENTITY,), (ENTITY,), "The earlier.", "The later."),
                *roles("POST", "MISSION"),
            ),
            (
                Prop(
                    "successionForm",
                    vocabulary["SuccessionForm"],
                    "How the later came out of the earlier.",
                    counted=True,
                ),
            ),
            identity=("posts",),
            rolls_up=True,
            same_family=True,
            alike=True,
            renames=("successionForm", "RENAMING"),
        ),
        Relation(
            "Creation",
            "creations",
            "An actor brings about, changes or sends out a document, a norm, a unit, an event or a work.",
            (
                *directed(
                    "created",
                    "createdBy",
                    ("Actor",),
                    ("Instrument", "Norm", "Unit", "Event", "Source"),
                    "Who does it.",
                    "What is brought about.",
                ),
                *roles("EVENT"),
            ),
            (
                Prop("creationAct", vocabulary["CreationAct"], "What is done.", counted=True),
                Prop("quantity", "decimal", "How many, where the source counts."),
            ),
            identity=("creationAct",),
        ),
    )


def _acts(vocabulary: Mapping[str, Vocabulary]) -> tuple[Relation, ...]:
    """What actors do to one another, think of one another, and take part in."""
    return (
        Relation(
            "Influence",
            "influences",
            "One actor acts upon another: presses, backs, asks, criticises, instructs, dismisses, accuses.",
            (
                *directed("influences", "influencedBy", ("Actor",), ("Actor",), "Who acts.", "Who is acted upon."),
                *roles("MISSION", "POST", "EVENT", "BYPASSED", "OBJECT", "ADDRESSEE"),
            ),
            (Prop("influenceAct", vocabulary["InfluenceAct"], "What is done.", counted=True),),
            identity=("influenceAct", "missions", "posts", "objects"),
        ),
        Relation(
            "Hostility",
            "hostilities",
            "One actor fights, attacks, obstructs, targets or shadows another, or a place.",
            (
                *directed(
                    "hostilities",
                    "targetedBy",
                    ("Actor",),
                    ("Actor", "Place"),
                    "Who does it.",
                    "Against whom, or what place.",
                ),
                *roles("THEATRE", "JOINTLY_WITH", "OBJECT"),
            ),
            (Prop("hostilityAct", vocabulary["HostilityAct"], "What is done.", counted=True),),
            identity=("hostilityAct", "theatres"),
            usual=(
                ("ArmedGroup", "Actor"),
                ("State", "Actor"),
                ("Unit", "Actor"),
                ("Mission", "Actor"),
                ("Grouping", "Actor"),
                ("Individual", "Actor"),
                ("ArmedGroup", "Place"),
            ),
        ),
        Relation(
            "Assessment",
            "assessments",
            "An actor judges something or somebody by a criterion.",
            (
                *directed("assessments", "assessedBy", ("Actor",), (ENTITY,), "Who judges.", "Who or what is judged."),
                *roles("COMPARED_TO"),
                terms(
                    "CRITERION",
                    "criterion",
                    "criterion",
                    "By what it is judged: effectiveness, conduct, relations.",
                    most=1,
                ),
            ),
            (Prop("valence", vocabulary["Valence"], "Whether the judgement is in favour.", counted=True),),
            identity=("criterion",),
        ),
        Relation(
            "Participation",
            "participations",
            "An actor takes part in an event.",
            (
                *directed("participations", "participants", ("Actor",), ("Event",), "Who takes part.", "In what."),
                *roles("CAUSE"),
            ),
            (
                Prop("participationRole", vocabulary["ParticipationRole"], "As what it takes part.", counted=True),
                Prop("outcome", "text", "What came of it for the one that takes part, in the source's own terms."),
            ),
            identity=("participationRole",),
        ),
        Relation(
            "Occurrence",
            "occurrences",
            "An event takes place in a state or at a place; `during` is when it happened.",
            (*directed("occurrences", "occurredHere", ("Event",), ("State", "Place"), "What happens.", "Where."),),
        ),
    )


def _descriptions(vocabulary: Mapping[str, Vocabulary]) -> tuple[Relation, ...]:
    """How sources class and count things, what may be one, and what has been coded."""
    return (
        Relation(
            "Classification",
            "classifications",
            "A source puts something in a class: a type of mission, a pattern of civil–military relations, a "
            "background, a function.",
            (
                *directed(
                    "classifications",
                    "classified",
                    (ENTITY,),
                    (TERM,),
                    "What is classed.",
                    "The class, a term of an open vocabulary.",
                ),
            ),
        ),
        Relation(
            "Identity",
            "identities",
            "Two entities may be one, or are not; that they are one is a merger of their ids.",
            (Slot("END", "ends", (ENTITY,), "The two entities.", least=2, most=2, back="identities", end=True),),
            (Prop("verdict", vocabulary["IdentityVerdict"], "Whether they may be one.", counted=True),),
            alike=True,
            tells_identity=("verdict", "DIFFERENT"),
        ),
        Relation(
            "Statistic",
            "statistics",
            "A count, share, rank or other figure that a source gives about one or more entities; `during` is the "
            "period counted.",
            (
                Slot("ABOUT", "about", (ENTITY,), "What the figure is about.", least=1, back="statistics", end=True),
                terms(
                    "MEASURE",
                    "measure",
                    "measure",
                    "What is measured: personnel, appointments, missions, deaths.",
                    most=1,
                ),
                terms("UNIT", "unit", "unit", "In what it is measured: persons, per cent, dollars.", most=1),
                # A node and not a number: the whole has a figure, a date and a source of its own.
                Slot(
                    "SUBSET_OF",
                    "subsetOf",
                    (ENTITY,),
                    "The whole of which it is a part: the claim that counts it, or the entity that it is.",
                    claims=True,
                    most=1,
                ),
            ),
            (
                Prop("value", "decimal", "The figure; a share of 57 per cent is 57, in the unit per cent."),
                Prop("comparator", vocabulary["Comparator"], "How the source qualifies the figure."),
                Prop("lower", "decimal", "The least that it may be, where the source gives a range."),
                Prop("upper", "decimal", "The most that it may be, where the source gives a range."),
            ),
            identity=("measure", "unit", "subsetOf"),
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
                Prop("state", vocabulary["CoverageState"], "How completely it is coded.", counted=True),
            ),
            identity=("relation", "field", "sources"),
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
