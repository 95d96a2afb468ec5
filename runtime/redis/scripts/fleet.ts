/** A process says that it lives and hears how many do; being a write, it also proves that the server takes writes. */
export const fleetScript: string = `
local now = ARGV[1] ~= '' and tonumber(ARGV[1])
if not now then
  local t = redis.call('TIME')
  now = t[1] * 1000000 + t[2]
end
-- What takes memory comes first: a server that has none left refuses it, but not after another write.
if ARGV[3] == '0' then redis.call('ZREM', KEYS[1], ARGV[2])
else redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[3])), ARGV[2]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], 60000)
return redis.call('ZCARD', KEYS[1])
`;
