"""customers owns people and companies who buy, their addresses and wishes; it stands on core."""
