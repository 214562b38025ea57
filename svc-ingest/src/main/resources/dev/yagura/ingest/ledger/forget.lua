-- Forgets an hour's counts, if nothing was counted since they were read.
-- KEYS  ledger of the agent, index of ledgers, index of losses
-- ARGV  1 hour, 2 version, 3 index member, then the hour's fields
-- Answers {1} when forgotten, {0} when it grew or is gone.
if redis.call('HGET', KEYS[1], ARGV[1] .. ':n') ~= ARGV[2] then return {0} end
for i = 4, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
redis.call('ZREM', KEYS[2], ARGV[3])
redis.call('ZREM', KEYS[3], ARGV[3])
-- Only the identity is left: the next hour writes it again.
if redis.call('HLEN', KEYS[1]) == 1 then redis.call('DEL', KEYS[1]) end
return {1}
