"""The questions about stock that pages and upper apps ask."""
