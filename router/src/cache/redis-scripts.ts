/** The entry goes, and with it its name: what has ended by its time leaves the names by itself. */
const drop = `
local function drop(entry, names)
  local dropped = redis.call('UNLINK', entry)
  if dropped == 1 then redis.call('ZREM', names, entry) end
  return dropped
end`

/**
 * Keys: meta, the entry, the names of all entries with when they end, then for each tag when it was invalidated and the names of those that
 * have it, likewise. Arguments: epoch and number of invalidations when the answer was asked for, text, milliseconds, how many entries a tag
 * may have, and how many there may be in all: for each more, the one that ends first goes.
 */
export const writeScript = `${drop}
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 0 end
for i = 4, #KEYS, 2 do
  if tonumber(redis.call('GET', KEYS[i]) or '0') > tonumber(ARGV[2]) then return 0 end
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local untilMs = string.format('%.0f', now + ARGV[4])
local function enter(names, max)
  redis.call('ZREMRANGEBYSCORE', names, '-inf', string.format('%.0f', now))
  if not redis.call('ZSCORE', names, KEYS[2]) then
    while redis.call('ZCARD', names) >= tonumber(max) do drop(redis.call('ZPOPMIN', names)[1], KEYS[3]) end
  end
  redis.call('ZADD', names, untilMs, KEYS[2])
end
enter(KEYS[3], ARGV[6])
for i = 5, #KEYS, 2 do enter(KEYS[i], ARGV[5]) end
redis.call('SET', KEYS[2], ARGV[1] .. '\\n' .. untilMs .. '\\n' .. ARGV[3], 'PX', ARGV[4])
for i = 3, #KEYS, 2 do
  if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
end
return 1`

/** Keys: meta, the names of all entries, then for each tag the same two. Arguments: milliseconds for which the invalidation is remembered. */
export const invalidateScript = `${drop}
local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
local dropped = 0
for i = 3, #KEYS, 2 do
  redis.call('SET', KEYS[i], seq, 'PX', ARGV[1])
  for _, entry in ipairs(redis.call('ZRANGE', KEYS[i + 1], 0, -1)) do dropped = dropped + drop(entry, KEYS[2]) end
  redis.call('DEL', KEYS[i + 1])
end
return dropped`

/** Keys: meta. Arguments: the new epoch; entries of others are not read any more. */
export const clearScript = `return redis.call('HSET', KEYS[1], 'epoch', ARGV[1])`
