"""demo fills an empty system with a believable shop, by the same verbs that people use."""
