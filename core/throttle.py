"""How often somebody may try: counters in the cache that guessing runs into."""

import hashlib
import logging

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def is_too_often(what: str, who: str, *, limit: int, seconds: int) -> bool:
    """Count one more try of `who` at `what`; True once more than `limit` fell within `seconds`.

    The key holds only a digest of `who`. While the cache is away nothing is refused here: the lock-out
    of the login stands in PostgreSQL.
    """
    key = f"tries:{what}:{hashlib.sha256(who.lower().encode()).hexdigest()[:32]}"
    try:
        if cache.add(key, 1, seconds):
            return limit < 1
        return int(cache.incr(key)) > limit
    except ValueError:  # it ran out between the two calls
        return False
    except (RedisError, OSError):
        logger.warning("the cache is away; tries are not counted")
        return False
