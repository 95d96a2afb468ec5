/** The admission, in two parts: what is plain, and the whole rule. */
import { plainLua } from "./plain.ts";
import { recordLua } from "./record.ts";

/** The whole rule, for any number of limits, over what `plainLua` has read. */
export const wholeLua: string = `
local all = {}
for i = 1, count do
  local r = load(i, now, ARGV[6 + i], raws[i])
  if r.seen > now then now = r.seen end
  all[i] = r
end
for i = 1, count do
  local known, started = struct.unpack('<dd', ARGV[6 + i], 57)
  -- The record that the caller has started under is lost: it is asked what that was.
  if known > 0 and known ~= all[i].born and started < 0 then return { 2, i } end
end
-- Units that a turn is worth: with what a lease adds at most a twentieth of any limit.
local extra = tonumber(ARGV[4])
for i = 1, count do
  local r = all[i]
  extra = r.most > 0 and 0 or math.max(0, math.min(extra, math.floor(r.capacity / 20) - cost))
end
local turn = cost + extra
local at, blocked = now, 0
for i = 1, count do
  local r = all[i]
  settle(r)
  local known, started, ended = struct.unpack('<ddd', ARGV[6 + i], 57)
  if known > 0 and known ~= r.born then
    if not r.kept and r.closed > 0 then r.hold = now + r.interval end
    if started > 0 then
      append(r, math.max(now, r.nt), started)
      if r.bucket then r.fullAt = math.max(r.fullAt, now) + started * r.unit end
      r.touched = true
    end
  end
  if ended > 0 then
    run(r, owner, -ended, now)
    r.touched = true
  end
  sweep(r, now)
  local free
  if r.most > 0 and r.running >= r.most then
    free = huge
  else
    free = earliest(r, cost, now)
    if free <= now and r.queued + graceUs > now then
      -- Others were told to come before.
      local mine = redis.call('ZSCORE', r.q, owner)
      local before = redis.call('ZCOUNT', r.q, string.format('%.0f', now - graceUs),
        string.format('(%.0f', mine and math.min(tonumber(mine), now) or now))
      if before > 0 then
        local behind = forecast(r, cost + turn * before, now)
        if behind > now then free = math.max(behind, now + 1000) end
      end
    end
  end
  if free > now and r.smooth > 0 then
    r.awaited = 1
    r.touched = true
  end
  if free > at then at, blocked = free, i end
end
if blocked > 0 then
  local r = all[blocked]
  if at < huge then
    redis.call('ZREMRANGEBYSCORE', r.q, '-inf', string.format('%.0f', now - graceUs))
    local mine = redis.call('ZSCORE', r.q, owner)
    local ahead = redis.call('ZCARD', r.q) - (mine and 1 or 0)
    -- A place among others is kept; one who is alone may have asked for more before.
    if ahead > 0 and mine and tonumber(mine) > now and tonumber(mine) >= at then
      at = tonumber(mine)
    else
      if ahead > 0 then at = math.max(at, forecast(r, cost + turn * ahead, now)) end
      redis.call('ZADD', r.q, string.format('%.0f', at), owner)
      redis.call('PEXPIRE', r.q, math.ceil((at - now) / 1000) + 1000)
      r.queued = math.max(r.queued, at)
      r.touched = true
    end
  end
  for i = 1, count do
    if all[i].touched then save(all[i], now) end
  end
  local answer = { 0, at < huge and math.ceil(at) or -1, blocked, now }
  for i = 1, count do answer[4 + i] = (all[i].kept or all[i].touched) and all[i].born or 0 end
  return answer
end
for i = 1, count do
  while extra > 0 and earliest(all[i], cost + extra, now) > now do extra = math.floor(extra / 2) end
end
local start = now
if extra > 0 then start = now + tonumber(ARGV[5]) end
local answer = { 1, start, extra, now }
for i = 1, count do
  local r = all[i]
  if r.queued + graceUs > now then redis.call('ZREM', r.q, owner) end
  run(r, owner, 1 + extra, now)
  take(r, cost + extra, math.max(start, r.nt), now)
  save(r, now)
  answer[4 + i] = r.born
end
return answer
`;

/**
 * Looks at all limits of a call, then takes from all or from none.
 *
 * ARGV: time or '', process, cost, extra units that a lease may add, microseconds after which a lease ends, what an open
 * slot is to be told (`open-slot.ts`); then for each limit ten packed doubles: its rule (7), and the caller's word: the record it knows, units that it has started and
 * no record knows of or -1, calls that have ended since it last said so.
 *
 * Answers `[1, at, extra, now, born…]`; `[0, at, index, now, born…]`, where `at` is -1 when only the end of a call
 * helps; or `[2, index]`: the record it knows is gone, and it is to say what it has started; or the text of an open slot.
 */
export const admitScript: string = `${plainLua}${recordLua}${wholeLua}`;
