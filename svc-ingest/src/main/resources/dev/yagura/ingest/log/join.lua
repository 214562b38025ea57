-- Makes a partition belong to the log; what it holds stays.
-- KEYS  head
-- ARGV  1 incarnation
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[1] then
  redis.call('HSET', KEYS[1], 'incarnation', ARGV[1])
  redis.call('HSETNX', KEYS[1], 'last', '0')
  redis.call('HSETNX', KEYS[1], 'first', '1')
end
return {0}
