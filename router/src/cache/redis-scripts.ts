/** The entry goes, and with it its name: what has ended by its time leaves the names by itself. */
const drop = `
local function drop(entry, names)
  local dropped = redis.call('UNLINK', entry)
  if dropped == 1 then redis.call('ZREM', names, entry) end
  return dropped
end`

/**
 * Keys: meta, the entry, the names of all entries with when they end, then for each tag when it was invalidated and which entries have it.
 * Arguments: epoch and number of invalidations when the answer was asked for, text, milliseconds, how many entries a tag may have: before
 * there are more, those that are there go, most of which have ended by their time; how many there may be in all: for each more, the one
 * that ends first goes.
 */
export const writeScript = `${drop}
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 0 end
for i = 4, #KEYS, 2 do
  if tonumber(redis.call('GET', KEYS[i]) or '0') > tonumber(ARGV[2]) then return 0 end
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local untilMs = string.format('%.0f', now + ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', now))
if not redis.call('ZSCORE', KEYS[3], KEYS[2]) then
  while redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[6]) do redis.call('UNLINK', redis.call('ZPOPMIN', KEYS[3])[1]) end
end
for i = 5, #KEYS, 2 do
  if redis.call('SCARD', KEYS[i]) >= tonumber(ARGV[5]) then
    for _, entry in ipairs(redis.call('SMEMBERS', KEYS[i])) do drop(entry, KEYS[3]) end
    redis.call('DEL', KEYS[i])
  end
  redis.call('SADD', KEYS[i], KEYS[2])
end
redis.call('SET', KEYS[2], ARGV[1] .. '\\n' .. untilMs .. '\\n' .. ARGV[3], 'PX', ARGV[4])
redis.call('ZADD', KEYS[3], untilMs, KEYS[2])
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
  for _, entry in ipairs(redis.call('SMEMBERS', KEYS[i + 1])) do dropped = dropped + drop(entry, KEYS[2]) end
  redis.call('DEL', KEYS[i + 1])
end
return dropped`

/** Keys: meta. Arguments: the new epoch; entries of others are not read any more. */
export const clearScript = `return redis.call('HSET', KEYS[1], 'epoch', ARGV[1])`
