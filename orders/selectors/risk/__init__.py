"""What risk rules ask of the rows, and what the pages on risk show."""
