"""The tags and filters that wordings edited by staff may use: none reaches beyond the text."""

from django.template import Library, defaultfilters, defaulttags

register = Library()
register.tag("if", defaulttags.do_if)
register.tag("for", defaulttags.do_for)
register.tag("with", defaulttags.do_with)
register.tag("comment", defaulttags.comment)
for allowed in (
    defaultfilters.upper,
    defaultfilters.lower,
    defaultfilters.title,
    defaultfilters.capfirst,
    defaultfilters.default,
    defaultfilters.truncatechars,
    defaultfilters.length,
    defaultfilters.join,
    defaultfilters.pluralize,
    defaultfilters.first,
    defaultfilters.last,
    defaultfilters.yesno,
):
    register.filter(allowed.__name__, allowed)
