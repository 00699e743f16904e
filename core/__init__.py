"""core is the ground every app stands on and knows no word of the trade."""
