"""The pages of customers and companies."""
