/** The scripts about limits but the admission. Each begins with the record; the rule of a limit is packed doubles. */
import { takenLua } from "./open-slot.ts";
import { recordLua as record } from "./record.ts";

const recordLua = `${takenLua}${record}`;

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

-- When the bucket is full without so many units at 'at': what started later has drained it all the same.
local function fullWithout(r, taken)
  local full, later = r.fullAt - taken * r.unit, 0
  local function after(time, count)
    if count == 0 or time <= at then return end
    later = later + count
    full = math.max(full, time + later * r.unit)
  end
  after(r.nt, r.nu)
  local pairs = r.n > 0 and redis.call('LRANGE', r.w, 0, -1) or {}
  local i = #pairs
  while i > 0 do
    after(struct.unpack('<dd', pairs[i]))
    i = i - 1
  end
  after(r.ot, r.ou)
  return full
end

local function refund(r)
  drop(r, now - r.interval)
  -- A start that has left the window, or that the record has forgotten, is not there to be given back.
  if at >= 0 and (at <= now - r.interval or at < r.born) then return end
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
    r.fullAt = math.max(fullWithout(r, taken), now - r.interval)
  end
  r.left = r.left + (at > r.heard and units or math.min(units, 1))
  if at >= r.hold then r.ramped = math.max(0, r.ramped - units) end
end

for i = 1, #KEYS / 6 do
  local r = read(i, now, ARGV[3 + 2 * i])
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
 * or -1, microseconds from now of its end or -1, process, its calls that have ended.
 */
export const hearScript: string = `${recordLua}
local now = serverTime(ARGV[1])
local r = read(1, now, ARGV[2])
now = math.max(now, r.seen)
local ended = tonumber(ARGV[7])
if ended > 0 then run(r, ARGV[6], -ended, now) end
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
for i = 1, #KEYS / 6 do
  local r = read(i, now, ARGV[1 + i])
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
for i = 1, #KEYS / 6 do
  local r = read(i, now, ARGV[2 + i])
  if r.kept then run(r, ARGV[2], 0, math.max(now, r.seen)) save(r, math.max(now, r.seen)) end
end
return now
`;
