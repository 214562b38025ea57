-- A new stream of a spool: a greater epoch fences the streams before it.
-- KEYS  head, spool
-- ARGV  1 incarnation, 2 agent
-- Answers {0, epoch, next sequence}, or a code of ScriptReply.
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then return {6} end
local spool = redis.call('HMGET', KEYS[2], 'agent', 'mark')
if spool[1] and spool[1] ~= ARGV[2] then return {7} end
if not spool[1] then redis.call('HSET', KEYS[2], 'agent', ARGV[2], 'mark', '0') end
return {0, redis.call('HINCRBY', KEYS[2], 'epoch', 1), tonumber(spool[2] or '0') + 1}
