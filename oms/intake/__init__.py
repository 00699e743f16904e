"""Intake turns orders from files and machines into verbs of several floors, in one transaction."""
