"""What the members say about a proposed distribution: how many agree, who has not said anything yet, and whether that is enough."""

from dataclasses import dataclass

from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from incentives.models import Distribution, DistributionLine, SignOff
from incentives.rules.definition import needed


@dataclass(frozen=True)
class Votes:
    """Of `heads` members `agreed` do and `objected` do not; the rule asks that `needed` agree (0: it asks nobody)."""

    heads: int
    agreed: int
    objected: int
    needed: int

    @property
    def short(self):
        """How many more have to agree before the distribution can be approved."""
        return max(self.needed - self.agreed, 0)

    @property
    def silent(self):
        """How many have not said anything."""
        return self.heads - self.agreed - self.objected


@dataclass(frozen=True)
class Word:
    """One member and what this member said: a SignOff, or None."""

    line: object
    sign_off: object


def votes_of(distribution_ids):
    """{distribution id: Votes}; one query, however many they are."""
    heads = DistributionLine.objects.filter(distribution=OuterRef("pk"))
    said = SignOff.objects.filter(distribution=OuterRef("pk"))
    rows = Distribution.objects.filter(pk__in=distribution_ids).annotate(
        consent=F("rule_version__definition__consent"),
        heads=_counted(heads),
        agreed=_counted(said.filter(agrees=True)),
        objected=_counted(said.filter(agrees=False)),
    )
    return {
        row["pk"]: Votes(row["heads"], row["agreed"], row["objected"], needed(row["consent"] or 0, row["heads"]))
        for row in rows.values("pk", "consent", "heads", "agreed", "objected")
    }


def _counted(rows):
    number = rows.order_by().values("distribution").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def words_of(distribution):
    """A Word for every member of the distribution, by employee number; two queries."""
    said = {row.user_id: row for row in distribution.sign_offs.select_related("kept_by")}
    return [Word(line, said.get(line.user_id)) for line in distribution.lines.select_related("user")]


def waiting_for(user):
    """Lines of the person in proposed distributions whose rule asks for signatures and that the person has not signed."""
    lines = DistributionLine.objects.filter(user=user, distribution__state=Distribution.State.PROPOSED)
    lines = lines.filter(distribution__rule_version__definition__consent__gt=0)
    return lines.exclude(distribution__sign_offs__user=user).select_related("distribution__team")
