"""Figures, each over exactly the rows that it says."""

from reports.selectors.home import fill_rate, home_tiles, orders_per_day, revenue_today

__all__ = ["fill_rate", "home_tiles", "orders_per_day", "revenue_today"]
