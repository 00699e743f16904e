"""What inventory shows on pages that are not its own: navigation, settings, search, its sockets."""

from inventory.panels import buying, planning, stock, tracing

__all__ = ["buying", "planning", "stock", "tracing"]
