"""The rows of the table about payslips, the payroll, and the price list of awards and deductions."""

from tests.access.page import LEADERS, NEIGHBOUR, NOBODY, SIGNED_IN, TEAM, UNIT, Page

OWN = LEADERS | {"manager", "finance", "union", "worker"}
"""Who handles the bonus of the team, and the worker, whose line it is."""

PAYSLIP_PAGES = [
    Page("incentives:payslips", get=SIGNED_IN),
    Page("incentives:payslip", ("line",), get=OWN, sees=NOBODY),
    Page("incentives:payslip-paper", ("line",), post=OWN, sees=NOBODY),
    Page("incentives:payslip-papers", ("team", "closed"), post={"finance"}, sees=TEAM),
    Page("incentives:payroll", ("unit", "closed"), post={"finance"}, sees=UNIT),
    Page("incentives:clauses-current", get=SIGNED_IN),
    Page("incentives:clauses", ("unit",), get=TEAM | NEIGHBOUR, sees=NOBODY),
    Page("incentives:clauses-export", ("unit",), post=TEAM | NEIGHBOUR, sees=NOBODY),
    Page("incentives:clause-add", ("unit",), post={"manager"}, sees=UNIT),
    Page("incentives:clauses-install", ("unit",), post={"manager"}, sees=UNIT),
    Page("incentives:clause-end", ("clause",), post={"manager"}, sees=UNIT),
    Page("incentives:clause-replace", ("clause",), get={"manager"}, post={"manager"}, sees=UNIT),
]
