"""Automation rules: when this happens, if that holds, then these are done. Apps plug in what a rule
can be about: its triggers, conditions and actions (core.rules.registry).
"""
