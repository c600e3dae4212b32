"""The filter of the walls of teams."""

from teams.forms import SearchForm, model_filter
from teams.models import Unit


class WallFilterForm(SearchForm):
    """Words, and one unit that has teams."""

    unit = model_filter(
        Unit.objects.open().filter(teams__disbanded_on__isnull=True, teams__isnull=False).distinct(),
        "全部单位",
        wrong="没有这个单位，请从列表里选。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
