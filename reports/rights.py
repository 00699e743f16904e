"""Who may see figures."""

from core.rights import Role, right

SEE_FIGURES = right("reports.figures", "See the day’s figures", *Role)
SEE_REVENUE = right("reports.revenue", "See revenue", Role.SALES, Role.FINANCE)
