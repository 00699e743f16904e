"""The kit of the JSON API: keys, scopes, problems, paging, what is done once; no word of the trade."""
