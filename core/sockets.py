"""Places in the ground's pages that apps above may fill, and questions they may answer."""

from core.panels import Registry, Socket

HOME_TILES = Socket("core.home_tiles")
HOME_SIDE = Socket("core.home_side")
USER_PAGE = Socket("core.user_page")
HEALTH_PAGE = Socket("core.health_page")

# called with (user); answers a sentence for the all-clear state ("43 orders are on their way.")
ALL_CLEAR = Registry("what may be said when nothing needs attention")
