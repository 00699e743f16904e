"""The ways out to carriers: one Protocol, one module per carrier."""
