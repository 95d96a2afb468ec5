/**
 * The scripts about credentials. A secret is a hash of value `v`, fence `f` and end `e` (microseconds, 0: none); what
 * was deleted keeps its fence for a day, so that fences grow over a deletion. A lease is a hash of owner `o` and end
 * `e`. Each change is published with the fence and the owner that stand after it; where the user may not publish, those
 * who wait find it by looking.
 */
const timeLua = `
local now = ARGV[1] ~= '' and tonumber(ARGV[1])
if not now then
  local t = redis.call('TIME')
  now = t[1] * 1000000 + t[2]
end
local function live(e) return e and (tonumber(e) == 0 or tonumber(e) > now) end
`;

/** KEYS: secret. Answers `[value, fence]` or nothing. */
export const getSecretScript: string = `${timeLua}
local got = redis.call('HMGET', KEYS[1], 'v', 'f', 'e')
if got[1] and live(got[3]) then return { got[1], got[2] } end
return false
`;

/** KEYS: secret, lease. ARGV: time, fence, 1 to write or 0 to delete, value, life in microseconds (0: no end), channel. Answers the new fence, or nothing. */
export const setSecretScript: string = `${timeLua}
local got = redis.call('HMGET', KEYS[1], 'f', 'e', 'v')
local stored = (got[3] and live(got[2])) and tonumber(got[1]) or 0
if stored ~= tonumber(ARGV[2]) then return false end
local last = got[1] and tonumber(got[1]) or 0
local fence = string.format('%.0f', math.max(now, last + 1, 1))
local life = tonumber(ARGV[5])
if ARGV[3] == '1' then
  redis.call('HSET', KEYS[1], 'v', ARGV[4], 'f', fence, 'e', life == 0 and '0' or string.format('%.0f', now + life))
  if life == 0 then redis.call('PERSIST', KEYS[1])
  else redis.call('PEXPIRE', KEYS[1], math.ceil(life / 1000) + 86400000) end
else
  redis.call('HDEL', KEYS[1], 'v')
  redis.call('HSET', KEYS[1], 'f', fence, 'e', '0')
  redis.call('PEXPIRE', KEYS[1], 86400000)
end
local owner = redis.call('HGET', KEYS[2], 'o') or ''
redis.pcall('PUBLISH', ARGV[6], fence .. ' ' .. owner)
return fence
`;

/** KEYS: lease. ARGV: time, owner, life in microseconds. Answers 1 where it is now ours. */
export const takeLeaseScript: string = `${timeLua}
local got = redis.call('HMGET', KEYS[1], 'o', 'e')
if got[1] and live(got[2]) then return 0 end
redis.call('HSET', KEYS[1], 'o', ARGV[2], 'e', string.format('%.0f', now + tonumber(ARGV[3])))
redis.call('PEXPIRE', KEYS[1], math.ceil(tonumber(ARGV[3]) / 1000) + 1000)
return 1
`;

/** KEYS: lease, secret. ARGV: time, owner, what (`owned`, `renew`, `release`), life in microseconds, channel. Answers 1 where it was ours. */
export const keepLeaseScript: string = `${timeLua}
local got = redis.call('HMGET', KEYS[1], 'o', 'e')
if got[1] ~= ARGV[2] or not live(got[2]) then return 0 end
if ARGV[3] == 'renew' then
  redis.call('HSET', KEYS[1], 'e', string.format('%.0f', now + tonumber(ARGV[4])))
  redis.call('PEXPIRE', KEYS[1], math.ceil(tonumber(ARGV[4]) / 1000) + 1000)
elseif ARGV[3] == 'release' then
  redis.call('DEL', KEYS[1])
  redis.pcall('PUBLISH', ARGV[5], (redis.call('HGET', KEYS[2], 'f') or '0') .. ' ')
end
return 1
`;

/** KEYS: secret, lease. Answers `[fence, owner, microseconds until the lease ends]`. */
export const lookScript: string = `${timeLua}
local secret = redis.call('HGET', KEYS[1], 'f')
local lease = redis.call('HMGET', KEYS[2], 'o', 'e')
local held = lease[1] and live(lease[2])
return { secret or '0', held and lease[1] or '', held and string.format('%.0f', tonumber(lease[2]) - now) or '0' }
`;
