"""By which day an order arrives: the rules without rows, and what is promised, kept and shown."""
