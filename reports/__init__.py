"""reports answers questions with figures; it reads every app and writes only its own rows."""
