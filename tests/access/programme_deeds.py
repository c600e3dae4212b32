"""The deeds of programmes, rounds and bars."""

from tests.access.deed import Deed
from tests.access.programme_pages import LATER, NEW_BAR, NEW_BATCH, NEW_PROGRAMME, WHY

PROGRAMME_DEEDS = {
    "assessments:programme-install seven_have": Deed("union", "programme.added", {"unit": "unit"}),
    "assessments:programme-new": Deed("union", "programme.added", NEW_PROGRAMME),
    "assessments:programme-edit programme": Deed("union", "programme.changed", NEW_PROGRAMME),
    "assessments:programme-retire programme": Deed("union", "programme.retired"),
    "assessments:programme-restore retired_programme": Deed("union", "programme.restored"),
    "assessments:round-new programme": Deed("union", "round.prepared", NEW_BATCH),
    "assessments:bar-new": Deed("union", "bar.recorded", NEW_BAR),
    "assessments:bar-lift bar": Deed("union", "bar.lifted", WHY),
    "assessments:round-figures-export": Deed("union", "round.exported"),
    "assessments:round-edit planned_round": Deed("union", "round.changed", NEW_BATCH),
    "assessments:round-open planned_round": Deed("union", "round.opened"),
    "assessments:round-invite called_round": Deed("union", "board.published"),
    "assessments:round-put-off called_round": Deed("union", "round.put_off", LATER),
    "assessments:round-begin-review called_round": Deed("union", "round.reviewing", {"early": "1"}),
    "assessments:round-cancel called_round": Deed("union", "round.cancelled", WHY),
}
