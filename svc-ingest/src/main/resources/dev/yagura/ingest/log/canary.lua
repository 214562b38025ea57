-- An entry of no spool: no mark, and no ledger counts it.
-- KEYS  head, stream
-- ARGV  1 incarnation, 2 entry
-- Answers {0, offset}, or {6}.
local head = redis.call('HMGET', KEYS[1], 'incarnation', 'last')
if head[1] ~= ARGV[1] then return {6} end
local id = string.format('%.0f', tonumber(head[2]) + 1)
redis.call('XADD', KEYS[2], id .. '-0', 'e', ARGV[2])
redis.call('HSET', KEYS[1], 'last', id)
return {0, tonumber(id)}
