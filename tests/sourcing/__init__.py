"""Where orders are sent from: the exact decision, beside brute force."""
