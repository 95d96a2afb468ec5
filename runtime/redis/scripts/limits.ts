/** The scripts about limits. Each begins with `recordLua`; the arguments of one limit are packed doubles. */
import { recordLua } from "./record.ts";

/**
 * Looks at all limits of a call, then takes from all or from none.
 *
 * ARGV: time or '', process, cost, extra units that a lease may add, microseconds after which a lease ends; then for
 * each limit its rule (7 doubles) and the caller's word (3 doubles: the record it knows, units that it has started and
 * no record knows of or -1, calls that have ended since it last said so).
 *
 * Answers `[1, at, extra, now, born…]`; `[0, at, index, now, born…]`, where `at` is -1 when only the end of a call
 * helps; or `[2, index]`: the record it knows is gone, and it is to say what it has started.
 */
export const admitScript: string = `${recordLua}
local count = #KEYS / 4
local owner, cost = ARGV[2], tonumber(ARGV[3])
local now = serverTime(ARGV[1])
local all = {}
for i = 1, count do
  local r = load(i, now, ARGV[4 + 2 * i])
  if r.seen > now then now = r.seen end
  all[i] = r
end
local at, blocked = now, 0
for i = 1, count do
  local known, started = struct.unpack('<dd', ARGV[5 + 2 * i])
  -- The record that the caller has started under is lost: it is asked what that was.
  if known > 0 and known ~= all[i].born and started < 0 then return { 2, i } end
end
for i = 1, count do
  local r = all[i]
  local known, started, ended = struct.unpack('<ddd', ARGV[5 + 2 * i])
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
        local behind = earliest(r, cost * (1 + before), now)
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
    if mine and tonumber(mine) > now and tonumber(mine) >= at then
      at = tonumber(mine)
    else
      if mine then redis.call('ZREM', r.q, owner) end
      local ahead = redis.call('ZCARD', r.q)
      if ahead > 0 and cost * (1 + ahead) <= r.capacity then at = math.max(at, earliest(r, cost * (1 + ahead), now)) end
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
local extra = tonumber(ARGV[4])
for i = 1, count do
  local r = all[i]
  if extra > 0 then
    extra = math.min(extra, math.floor(r.capacity / 20))
    while extra > 0 and (r.queued + graceUs > now or r.most > 0 or earliest(r, cost + extra, now) > now) do
      extra = math.floor(extra / 2)
    end
  end
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
 * Gives back: calls that have ended, and a start that was never made.
 * ARGV: time or '', process, units to give back (0: none), their start or -1; then for each limit its rule and the
 * calls that ended.
 */
export const giveBackScript: string = `${recordLua}
local now = serverTime(ARGV[1])
local owner, units, at = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

-- What is given back of the middle of the window, oldest first; with a time, from the first pair that ends at it or later.
local function middle(r, left)
  local pairs = redis.call('LRANGE', r.w, 0, -1)
  for i, pair in ipairs(pairs) do
    local time, count = struct.unpack('<dd', pair)
    if left > 0 and (at < 0 or time >= at) then
      local taken = math.min(left, count)
      redis.call('LSET', r.w, i - 1, struct.pack('<dd', time, count - taken))
      left = left - taken
      if at >= 0 then return 0, taken end
    end
  end
  return left, 0
end

local function refund(r)
  drop(r, now - r.interval)
  if at >= 0 and at <= now - r.interval then return end
  local left, taken = units, 0
  if r.ou > 0 and (at < 0 or r.ot >= at) then
    taken = math.min(left, r.ou)
    r.ou = r.ou - taken
    left = at < 0 and left - taken or 0
  end
  if left > 0 and r.n > 0 then
    local before = left
    local got
    left, got = middle(r, left)
    taken = taken + (at < 0 and before - left or got)
  end
  if left > 0 and r.nu > 0 and (at < 0 or r.nt >= at) then
    local last = math.min(left, r.nu)
    r.nu = r.nu - last
    taken = taken + last
  end
  r.used = math.max(0, r.used - taken)
  -- An oldest pair of nothing makes place for the next.
  if r.ou == 0 then
    r.ou, r.ot = 1, -huge
    r.used = r.used + 1
    drop(r, now - r.interval)
  end
  if r.bucket and at >= 0 then
    -- What the bucket regained while full is not there to be given back.
    r.fullAt = math.max(r.fullAt - taken * r.unit, now - r.interval)
  end
  r.left = r.left + (at > r.heard and units or math.min(units, 1))
  if at >= r.hold then r.ramped = math.max(0, r.ramped - units) end
end

for i = 1, #KEYS / 4 do
  local r = load(i, now, ARGV[3 + 2 * i])
  if r.kept then
    now = math.max(now, r.seen)
    run(r, owner, -tonumber(ARGV[4 + 2 * i]), now)
    if units > 0 then refund(r) end
    save(r, now)
  end
end
return now
`;

/**
 * What the server said of one limit. ARGV: time or '', its rule, microseconds from now of the hold or -1, what remains
 * or -1, microseconds from now of its end or -1.
 */
export const hearScript: string = `${recordLua}
local now = serverTime(ARGV[1])
local r = load(1, now, ARGV[2])
now = math.max(now, r.seen)
drop(r, now - r.interval)
local hour = 3600000000
local hold, remaining, reset = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
if hold > 0 then
  local till = now + math.min(hold, hour)
  if till > r.hold then r.hold, r.ramped = till, 0 end
end
if remaining >= 0 then
  local till = now + math.min(reset >= 0 and reset or r.interval, math.max(r.interval, hour))
  if till > now then
    -- The call that brought the answer is itself counted in what the server says. Calls of a dead process are in no window.
    local running = math.max(0, math.min(r.running, r.used) - 1)
    local left = remaining - running
    local same = r.leftUntil > now and till <= r.leftUntil + 2000000
    r.heard = now
    r.left = same and math.min(r.left, left) or left
    r.leftUntil = same and math.max(r.leftUntil, till) or till
  end
end
save(r, now)
return r.born
`;

/** What limits hold now. ARGV: time or '', then each limit's rule. Answers per limit: used, running, microseconds of the hold. */
export const reportScript: string = `${recordLua}
local now = serverTime(ARGV[1])
local answer = {}
for i = 1, #KEYS / 4 do
  local r = load(i, now, ARGV[1 + i])
  local seen = math.max(now, r.seen)
  local used = r.used
  if r.kept then
    drop(r, seen - r.interval)
    sweep(r, seen)
    save(r, seen)
  end
  answer[3 * i - 2], answer[3 * i - 1], answer[3 * i] = r.used, r.running, math.max(0, r.hold - seen)
end
return answer
`;

/** A process that still runs calls says so. ARGV: time or '', process, then each limit's rule. */
export const aliveScript: string = `${recordLua}
local now = serverTime(ARGV[1])
for i = 1, #KEYS / 4 do
  local r = load(i, now, ARGV[2 + i])
  if r.kept then run(r, ARGV[2], 0, math.max(now, r.seen)) save(r, math.max(now, r.seen)) end
end
return now
`;
