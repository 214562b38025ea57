-- One sequence number, or several that will never come, of a spool: entry, mark and ledger together.
-- KEYS  head, stream, spool, ledger of the agent, index of ledgers, index of losses
-- ARGV  1 incarnation, 2 epoch, 3 first and 4 last sequence, 5 entry ('' is loss only), 6 hour,
--       7 events, 8 bytes, 9 events lost, 10 reason, 11 now (ms), 12 index member, 13 identity
-- Answers {code, number}; the codes are those of ScriptReply.
local head = redis.call('HMGET', KEYS[1], 'incarnation', 'last')
if head[1] ~= ARGV[1] then return {6} end
local spool = redis.call('HMGET', KEYS[3], 'epoch', 'mark')
if spool[1] ~= ARGV[2] then return {4} end
local expected = tonumber(spool[2]) + 1
if tonumber(ARGV[4]) < expected then return {2} end
if tonumber(ARGV[3]) ~= expected then return {3, expected} end

-- The first write refuses when memory is full; all others follow it, or none does.
local offset = 0
if ARGV[5] ~= '' then
  offset = tonumber(head[2]) + 1
  local id = string.format('%.0f', offset)
  redis.call('XADD', KEYS[2], id .. '-0', 'e', ARGV[5])
  redis.call('HSET', KEYS[1], 'last', id)
end
redis.call('HSET', KEYS[3], 'mark', ARGV[4])

local hour, lost = ARGV[6] .. ':', tonumber(ARGV[9])
local counts = redis.call('HMGET', KEYS[4], hour .. 'g', hour .. 'n', hour .. 's', hour .. 'y', hour .. 'b', hour .. 'l')
local generation = counts[1]
if not generation then
  generation = redis.call('HINCRBY', KEYS[1], 'generation', 1)
  redis.call('HSETNX', KEYS[4], 'identity', ARGV[13])
  redis.call('ZADD', KEYS[5], 0, ARGV[12])
end
local function sum(count, more) return string.format('%.0f', tonumber(count or '0') + more) end
redis.call('HSET', KEYS[4], hour .. 'g', generation, hour .. 'n', sum(counts[2], 1),
  hour .. 's', sum(counts[3], tonumber(ARGV[7])), hour .. 'y', sum(counts[4], tonumber(ARGV[8])),
  hour .. 'b', sum(counts[5], offset > 0 and 1 or 0), hour .. 'l', sum(counts[6], lost), hour .. 't', ARGV[11])
if lost > 0 then
  -- A reason is the agent's own text: their number is bounded.
  local reason = redis.call('HLEN', KEYS[4]) > 2000 and 'other' or ARGV[10]
  redis.call('HINCRBY', KEYS[4], hour .. 'r:' .. reason, ARGV[9])
  redis.call('ZADD', KEYS[6], 0, ARGV[12])
end
if offset > 0 then return {0, offset} end
return {1}
