-- Makes a log, or another one in place of one that was lost; whoever comes second finds the first's.
-- KEYS  meta
-- ARGV  1 the incarnation to replace ('' when there must be none), 2 the new one, 3 partitions
-- Answers {incarnation, partitions}.
local found = redis.call('HGET', KEYS[1], 'incarnation')
if (found or '') == ARGV[1] then
  redis.call('HSET', KEYS[1], 'incarnation', ARGV[2], 'partitions', ARGV[3])
end
return redis.call('HMGET', KEYS[1], 'incarnation', 'partitions')
