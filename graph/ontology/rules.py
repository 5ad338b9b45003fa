"""Not this, but: facts that could be coded in two ways, and which of them is right."""

from typing import Final

Rule = tuple[str, str, str]
"""The fact, what it is coded as, what it is not coded as."""

RULES: Final[tuple[tuple[Rule, tuple[str, ...]], ...]] = (
    (
        (
            "a body or mission is renamed",
            "two entities and Succession",
            "an alias of the survivor (`resolve` names both)",
        ),
        ("Succession",),
    ),
    (
        (
            "an intervention of states",
            "Mission, so classified",
            "Event, which is what happens inside or because of it (a protest, a coup, talks)",
        ),
        ("Participation", "Classification"),
    ),
    (
        (
            "a state gives a unit that sits in a mission",
            "Contribution to the Unit, and PartOf",
            "a second Contribution to the mission (`within` rolls up)",
        ),
        ("Contribution", "PartOf"),
    ),
    (
        (
            "two actors operate together, or one helps by agreement",
            "Partnership, with purpose",
            "Contribution, which is what one gives",
        ),
        ("Contribution", "Partnership"),
    ),
    (
        (
            "a host party limits access or movement",
            "Consent (restricted, obstructed)",
            "Hostility, for those whose consent is not at issue",
        ),
        ("Consent", "Hostility"),
    ),
    (
        (
            "an accusation",
            "Influence (accuses), as certain as the accusing; the deed is a claim of its own, an allegation",
            "NormContestation, unless a norm is contested",
        ),
        ("NormContestation", "Influence"),
    ),
    (
        (
            "a stance; an act upon someone; a judgement of performance",
            "NormContestation; Influence; Assessment",
            "one for the other",
        ),
        ("NormContestation", "Influence", "Assessment"),
    ),
    (
        ("a host asks for a mission", "Consent (invited)", "Authorisation (one body asks another)"),
        ("Consent", "Authorisation"),
    ),
    (
        ("a mission is established", "Authorisation (establishes)", "Creation"),
        ("Authorisation", "Creation"),
    ),
    (
        (
            "a class that acts or is acted on; one that only describes",
            "Grouping with Membership; Classification",
            "one for the other",
        ),
        ("Membership", "Classification"),
    ),
    (
        ("who appointed", "the role APPOINTED_BY", "Influence, unless the post was not taken up"),
        ("Appointment", "Influence"),
    ),
    (
        ("belongs by nature; by joining or sending", "PartOf; Membership", "both"),
        ("PartOf", "Membership"),
    ),
    (
        (
            "one operation follows another",
            "Succession; Partnership (sequential) only if called partners",
            "either by inference",
        ),
        ("Partnership", "Succession"),
    ),
    (
        ("a share or a total", "Statistic", "Contribution, which has a giver and a date"),
        ("Contribution", "Statistic"),
    ),
    (
        (
            "a pair read out of a many-sided arrangement",
            "Partnership, formsScope ARRANGEMENT",
            "forms of the whole as forms of the pair",
        ),
        ("Partnership",),
    ),
    (
        (
            "what someone said; that he spoke",
            "`attributedTo` of the claim said; Participation",
            "a claim of speaking",
        ),
        ("Participation",),
    ),
    (
        ("affiliated, no post named", "Membership", "Appointment"),
        ("Appointment", "Membership"),
    ),
    (
        (
            "tension or distance between two",
            "Assessment (criterion relations), one each way as stated",
            "Hostility, Influence",
        ),
        ("Influence", "Hostility", "Assessment"),
    ),
    (
        (
            "a violation, answered; unanswered",
            "Event with Participation, the EVENT of the response; NormContestation (rejects, practice)",
            "Hostility as well",
        ),
        ("NormContestation", "ViolationResponse", "Hostility", "Participation"),
    ),
    (
        (
            "a task given, a function; done unbidden",
            "Mandate; NormContestation (supports, practice)",
            "Classification",
        ),
        ("NormContestation", "Mandate", "Classification"),
    ),
    (
        ("a principle or tier of a norm", "PartOf", "NormRelation"),
        ("PartOf", "NormRelation"),
    ),
    (
        (
            "an abstention or veto",
            "NormContestation of the Grouping or State towards the Instrument, in practice",
            "Participation",
        ),
        ("NormContestation", "Participation"),
    ),
    (
        (
            "seeks a seat; seeks a post for its people",
            "Membership, called for; Influence (lobbies, nominates) with POST",
            "a Statistic or a stance",
        ),
        ("NormContestation", "Membership", "Influence", "Statistic"),
    ),
    (
        ("stayed after X", "a Deployment of its own, anchored AFTER", "the first one lengthened"),
        ("Deployment",),
    ),
    (
        (
            "a finding about classes or causes",
            "nothing: Coverage says so; the claims it rests on",
            "an edge between classes",
        ),
        ("Coverage",),
    ),
    (
        (
            "commander and state agree or differ, as found by the source",
            "Alignment",
            "something computed from class and stance",
        ),
        ("Alignment",),
    ),
)


def rules(relation: str) -> tuple[Rule, ...]:
    """The rules that stand with a relation."""
    return tuple(rule for rule, relations in RULES if relation in relations)
