"""The tags of printed documents and of pages about them."""

from django import template

from core.markup import codes

register = template.Library()
register.simple_tag(codes.barcode)
register.simple_tag(codes.qr)
