"""runtime starts, watches and stops the whole system for ./run, with the standard library alone."""
