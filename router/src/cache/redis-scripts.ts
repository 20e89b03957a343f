/**
 * Keys: meta, the entry, the names of all entries, then for each tag when it was invalidated and which entries have it. Arguments: epoch
 * and number of invalidations when the answer was asked for, text, milliseconds, how many entries a tag may have: before there are more,
 * those that are there go, most of which have ended by their time; how many there may be in all: for each more, any one goes.
 */
export const writeScript = `
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 0 end
for i = 4, #KEYS, 2 do
  if tonumber(redis.call('GET', KEYS[i]) or '0') > tonumber(ARGV[2]) then return 0 end
end
if redis.call('SISMEMBER', KEYS[3], KEYS[2]) == 0 and redis.call('SCARD', KEYS[3]) >= tonumber(ARGV[6]) then
  redis.call('UNLINK', redis.call('SPOP', KEYS[3]))
end
local time = redis.call('TIME')
local untilMs = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[4]
redis.call('SET', KEYS[2], ARGV[1] .. '\\n' .. string.format('%.0f', untilMs) .. '\\n' .. ARGV[3], 'PX', ARGV[4])
for i = 5, #KEYS, 2 do
  if redis.call('SCARD', KEYS[i]) >= tonumber(ARGV[5]) then
    for _, entry in ipairs(redis.call('SMEMBERS', KEYS[i])) do redis.call('UNLINK', entry) end
    redis.call('DEL', KEYS[i])
  end
end
for i = 3, #KEYS, 2 do
  redis.call('SADD', KEYS[i], KEYS[2])
  if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
end
return 1`

/** Keys: meta, then for each tag the same two. Arguments: milliseconds for which the invalidation is remembered. */
export const invalidateScript = `
local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
local dropped = 0
for i = 2, #KEYS, 2 do
  redis.call('SET', KEYS[i], seq, 'PX', ARGV[1])
  for _, entry in ipairs(redis.call('SMEMBERS', KEYS[i + 1])) do dropped = dropped + redis.call('UNLINK', entry) end
  redis.call('DEL', KEYS[i + 1])
end
return dropped`

/** Keys: meta. Arguments: the new epoch; entries of others are not read any more. */
export const clearScript = `return redis.call('HSET', KEYS[1], 'epoch', ARGV[1])`
