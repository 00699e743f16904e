"""core is the ground every app stands on: users, channels, money, events, documents, jobs; no word of the trade."""
