"""How fast a key may go: a bucket of tokens in Valkey that fills evenly and is emptied by requests."""

import logging
from functools import cache

import redis
from django.conf import settings
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

BURST_SECONDS = 10
# one round trip: what flowed in since, one token out; answers the seconds to wait, or 0
SCRIPT = """
local rate, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local t = redis.call('TIME')
local now = tonumber(t[1]) + tonumber(t[2]) / 1000000
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(held[1]) or most
tokens = math.min(most, tokens + math.max(0, now - (tonumber(held[2]) or now)) * rate)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) / rate) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now))
redis.call('EXPIRE', KEYS[1], math.ceil(most / rate) + 1)
return wait
"""


@cache
def _bucket() -> "redis.commands.core.Script":
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5
    )
    return client.register_script(SCRIPT)


def seconds_to_wait(bucket: str, *, per_minute: int) -> int:
    """Take one token; 0 where there was one, else after how many seconds there will be.

    While Valkey is away nothing is refused: keys are known by PostgreSQL, and orders matter more.
    """
    rate = per_minute / 60
    most = max(1.0, rate * BURST_SECONDS)
    try:
        return int(_bucket()(keys=[f"pace:{bucket}"], args=[rate, most]))
    except (RedisError, OSError):
        logger.warning("Valkey is away; requests are not counted")
        return 0
