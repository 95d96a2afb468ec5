/**
 * What one limit remembers in Redis, and the rule of `runtime/pacing/limit-record.ts` over it, as Lua that every
 * script about limits begins with, after `takenLua`. Times are microseconds of the server's clock, which is held from stepping back by
 * the latest time that a record has seen.
 *
 * A limit has six keys: `m`, the record (one string of packed doubles, so that one GET and one SET are most of an
 * admission); `w`, the middle of its window, a list of packed pairs of time and units, oldest first, whose first and
 * last pair stand in the record; `r`, a hash of who runs how many calls and until when that is believed; `q`, the
 * processes that wait, by the time at which each was told to come again; `o` and `c`, the open slot and its counter
 * (`open-slot.ts`).
 */
export const recordLua: string = `
local huge = 1e18
local fields = '<ddddddddddddddddddddddd'
-- Who was told to come and does not is waited for so long.
local graceUs = 100000
-- A process that says nothing for so long is dead, and its running calls are over.
local deadUs = 10000000
-- A record outlives what it knows by so long.
local spareUs = 15000000

local function serverTime(given)
  if given ~= '' then return tonumber(given) end
  local t = redis.call('TIME')
  return t[1] * 1000000 + t[2]
end

-- The record of the i-th limit from its bytes, a fresh one where there are none; the rule is the first 7 of the packed doubles.
local function load(i, now, packed, raw)
  local base = (i - 1) * 6
  local limit, interval, burst, smooth, most, slot, closed = struct.unpack('<ddddddd', packed)
  local born, seen, used, ot, ou, n, opened, nt, nu, fullAt, running, listEnd, ends, quiet, room, hold, ramped, left,
    leftUntil, heard, awaited, sweep, queued = now, now, 0, 0, 0, 0, 0, 0, 0, -huge, 0, 0, 0, 0, 0, -huge, 0, huge,
    -huge, -huge, 0, huge, -huge
  if raw then
    born, seen, used, ot, ou, n, opened, nt, nu, fullAt, running, listEnd, ends, quiet, room, hold, ramped, left,
      leftUntil, heard, awaited, sweep, queued = struct.unpack(fields, raw)
  end
  return { m = KEYS[base + 1], w = KEYS[base + 2], r = KEYS[base + 3], q = KEYS[base + 4], o = KEYS[base + 5], c = KEYS[base + 6],
    kept = raw and true or false,
    limit = limit, interval = interval, burst = burst, smooth = smooth, most = most, slot = slot, closed = closed,
    capacity = limit + burst, unit = interval / limit, bucket = burst > 0 or smooth > 0, touched = false,
    born = born, seen = seen, used = used, ot = ot, ou = ou, n = n, opened = opened, nt = nt, nu = nu, fullAt = fullAt,
    running = running, listEnd = listEnd, ends = ends, room = room, hold = hold, ramped = ramped, left = left, leftUntil = leftUntil,
    heard = heard, awaited = awaited, sweep = sweep, queued = queued }
end

-- Ends the open slot and adds what was taken from it to the record, which has to be saved. A counter that was evicted is
-- taken to be used up. A record that was evicted may have left an open slot behind.
local function settle(r)
  if r.kept and r.room == 0 then return end
  if r.room > 0 then
    local units, by = taken(r.room, redis.call('GET', r.c))
    r.nu, r.used, r.running, r.room = r.nu + units, r.used + units, math.max(0, r.running + by), 0
    if r.bucket and units > 0 then r.fullAt = math.max(r.fullAt, r.nt) + units * r.unit end
    r.touched = true
  end
  redis.call('DEL', r.o, r.c)
end

local function read(i, now, packed)
  local r = load(i, now, packed, redis.call('GET', KEYS[6 * i - 5]))
  settle(r)
  return r
end

-- The life of the key is set anew only where it might end too soon, and then for longer than is needed now.
local function save(r, now)
  r.seen = now
  local last = now + r.interval
  if r.fullAt > last then last = r.fullAt end
  if r.hold > last then last = r.hold + r.interval end
  if r.leftUntil > last then last = r.leftUntil end
  local lasts = r.kept and r.ends >= last + spareUs
  if not lasts then r.ends = last + spareUs + math.max(r.interval / 2, 5000000) end
  local packed = struct.pack(fields, r.born, r.seen, r.used, r.ot, r.ou, r.n, r.opened, r.nt, r.nu, r.fullAt, r.running,
    r.listEnd, r.ends, math.max(r.queued + graceUs, r.hold + r.interval, r.leftUntil), r.room, r.hold, r.ramped,
    r.left, r.leftUntil, r.heard, r.awaited, r.sweep, r.queued)
  if lasts then
    redis.call('SETRANGE', r.m, 0, packed)
  else
    redis.call('SET', r.m, packed, 'PX', math.ceil((r.ends - now) / 1000))
  end
end

-- What started at 'gone' or before has left the window. The record has to be saved then, be the question refused: what
-- the list has lost is lost.
local function drop(r, gone)
  while r.ou > 0 and r.ot <= gone do
    r.touched = true
    r.used = r.used - r.ou
    r.ou = 0
    while r.n > 0 and r.ou == 0 do
      local pair = redis.call('LPOP', r.w)
      if pair then
        r.n = r.n - 1
        r.ot, r.ou = struct.unpack('<dd', pair)
      else
        r.n = 0
        r.used = r.nu
      end
    end
  end
  if r.ou == 0 and r.nu > 0 and r.nt <= gone then
    r.used, r.nu, r.touched = 0, 0, true
  end
end

local function append(r, at, units)
  r.used = r.used + units
  if r.nu > 0 then
    if at <= r.nt or at - r.opened < r.slot then
      if at > r.nt then r.nt = at end
      r.nu = r.nu + units
      return
    end
    if r.ou == 0 then
      r.ot, r.ou = r.nt, r.nu
    else
      redis.call('RPUSH', r.w, struct.pack('<dd', r.nt, r.nu))
      r.n = r.n + 1
      if r.listEnd - at < 2 * r.interval + 15000000 then
        r.listEnd = at + 8 * r.interval + 60000000
        redis.call('PEXPIRE', r.w, math.ceil((r.listEnd - at) / 1000))
      end
    end
  end
  r.opened, r.nt, r.nu = at, at, units
end

-- The start after whose leaving so many units are free.
local function timeOf(r, units)
  local freed = r.ou
  if freed >= units then return r.ot end
  local from = 0
  while from < r.n do
    local pairs = redis.call('LRANGE', r.w, from, from + 31)
    if #pairs == 0 then break end
    for _, pair in ipairs(pairs) do
      local at, count = struct.unpack('<dd', pair)
      freed = freed + count
      if freed >= units then return at end
    end
    from = from + 32
  end
  if r.nu > 0 then return r.nt end
  return r.ou > 0 and r.ot or -huge
end

local function windowAt(r, cost, now)
  drop(r, now - r.interval)
  local excess = r.used - (r.capacity - cost)
  if excess <= 0 or r.used <= 0 then return now end
  return timeOf(r, excess) + r.interval
end

local function bucketSize(r, cost)
  if r.smooth == 0 then return r.capacity end
  return math.max(1 + r.burst, cost)
end

local function rampOver(r, now)
  return r.hold + r.interval / 10 <= now
end

local function saidAt(r, cost, now)
  local at = now
  if r.leftUntil > now and cost > r.left then at = r.leftUntil end
  if r.hold > at then at = r.hold end
  if r.ramped > 0 and not rampOver(r, now) then
    at = math.max(at, r.hold + (r.ramped + cost - 1) * r.interval / 10 / r.capacity)
  end
  return at
end

-- When so many units can start by everything but the number of running calls.
local function earliest(r, cost, now)
  if cost > r.capacity then return huge end
  local at = windowAt(r, cost, now)
  if r.bucket then at = math.max(at, r.fullAt + (cost - bucketSize(r, cost)) * r.unit) end
  return math.max(at, saidAt(r, cost, now))
end

-- When the last of so many units can start, however many, if all before them do.
local function forecast(r, units, now)
  local windows = math.floor((units - 1) / r.capacity)
  local at = windowAt(r, units - windows * r.capacity, now) + windows * r.interval
  if r.bucket then at = math.max(at, math.max(r.fullAt, now) + (units - bucketSize(r, 1)) * r.unit) end
  return math.max(at, saidAt(r, 1, now))
end

-- Notes a start at 'at', for which the caller has found room.
local function take(r, cost, at, now)
  if r.leftUntil > now then r.left = r.left - cost end
  if not rampOver(r, now) then r.ramped = r.ramped + cost end
  if r.bucket then
    local rest = now
    if r.smooth > 0 and r.awaited > 0 then rest = now - math.max(r.interval / 128, 10000) end
    r.fullAt = math.max(r.fullAt, rest) + cost * r.unit
    if r.fullAt > now then r.awaited = 0 end
  end
  append(r, at, cost)
end

-- A limit of running calls knows whose they are.
local function sweep(r, now)
  if now < r.sweep then return end
  r.running, r.sweep = 0, huge
  local all = redis.call('HGETALL', r.r)
  for i = 1, #all, 2 do
    local count, ends = struct.unpack('<dd', all[i + 1])
    if ends <= now then
      redis.call('HDEL', r.r, all[i])
    else
      r.running = r.running + count
      r.sweep = math.min(r.sweep, ends)
    end
  end
end

local function run(r, owner, by, now)
  if r.most == 0 then
    r.running = math.max(0, r.running + by)
    return
  end
  local raw = redis.call('HGET', r.r, owner)
  local mine = 0
  if raw then mine = struct.unpack('<dd', raw) end
  local next = math.max(0, mine + by)
  if next == 0 then
    redis.call('HDEL', r.r, owner)
  else
    redis.call('HSET', r.r, owner, struct.pack('<dd', next, now + deadUs))
    redis.call('PEXPIRE', r.r, deadUs / 1000 * 2)
  end
  r.running = math.max(0, r.running + next - mine)
  r.sweep = math.min(r.sweep, now + deadUs)
end
`;
