-- Deletes the entries below an offset, a bounded number at once.
-- KEYS  head, stream
-- ARGV  1 incarnation, 2 first offset to keep, 3 entries at most
-- Answers {0, entries deleted}, or {6}.
local head = redis.call('HMGET', KEYS[1], 'incarnation', 'last', 'first')
if head[1] ~= ARGV[1] then return {6} end
local first = tonumber(head[3])
local keep = math.min(tonumber(ARGV[2]), tonumber(head[2]) + 1, first + tonumber(ARGV[3]))
if keep <= first then return {0, 0} end
local id = string.format('%.0f', keep)
-- Deleting comes first: it is allowed when memory is full, and what follows it is then, too.
local deleted = redis.call('XTRIM', KEYS[2], 'MINID', id .. '-0')
redis.call('HSET', KEYS[1], 'first', id)
return {0, deleted}
