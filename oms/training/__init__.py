"""The guided first hour of a training store: eight tasks that tick themselves off by what was done."""
