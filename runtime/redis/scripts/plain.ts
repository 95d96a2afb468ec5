import { fromOpenSlotLua, takenLua } from "./open-slot.ts";

/**
 * The start of an admission, and for most calls all of it: the open slot, or else one read of the records, arithmetic on
 * plain locals, and one write for each. Nothing is written before every limit is found plain: the record is there and
 * the one that the caller knows, nobody waits, no word of the server stands, neither running calls nor even spacing are
 * kept, and there is room though starts that have left the window may still count. Whatever is not plain is left to the
 * whole rule, which begins anew from what was read.
 *
 * Leaves to what follows: `now`, `owner`, `cost`, `count` (of limits) and `raws` (their records).
 */
export const plainLua: string = `${fromOpenSlotLua}${takenLua}
local now = ARGV[1]
if now ~= '' then
  now = tonumber(now)
else
  local t = redis.call('TIME')
  now = t[1] * 1000000 + t[2]
end
local owner, cost = ARGV[2], tonumber(ARGV[3])
local count = #KEYS / 6
local raws
if count == 1 then
  raws = { redis.call('GET', KEYS[1]) }
else
  local names = {}
  for i = 1, count do names[i] = KEYS[6 * i - 5] end
  raws = redis.call('MGET', unpack(names))
end
if ARGV[4] == '0' then
  local heads, stamps, answer = {}, {}, { 1, now, 0, now }
  local shut, opens = false, 0
  local slotText, counter, life
  for i = 1, count do
    if not raws[i] then break end
    local limit, interval, burst, smooth, most, slot, _, known, _, ended = struct.unpack('<dddddddddd', ARGV[6 + i])
    local born, seen, used, ot, ou, n, opened, nt, nu, fullAt, running, listEnd, ends, quiet, room =
      struct.unpack('<ddddddddddddddd', raws[i])
    if room > 0 then
      if count > 1 then break end
      local units, by = taken(room, redis.call('GET', KEYS[6]))
      used, nu, running, room, shut = used + units, nu + units, running + by, 0, true
      if burst > 0 and units > 0 then
        if fullAt < nt then fullAt = nt end
        fullAt = fullAt + units * interval / limit
      end
    end
    if seen > now or quiet > now or smooth > 0 or most > 0 or known > 0 and known ~= born
      or used + cost > limit + burst or n >= 256 and ot <= now - interval then break end
    if burst > 0 then
      local unit = interval / limit
      if fullAt + (cost - limit - burst) * unit > now then break end
      if fullAt < now then fullAt = now end
      fullAt = fullAt + cost * unit
      if fullAt + 15000000 > ends then break end
    end
    if now + interval + 15000000 > ends then break end
    -- Units of a lease are dated ahead, and nothing is dated before them.
    local at = now < nt and nt or now
    if nu > 0 and (at == nt or at - opened < slot) then
      nt, nu = at, nu + cost
      -- A slot that is asked for more than once: what is left of it is opened, where the server's clock can end it.
      local ms = math.floor((opened + slot - now) / 1000) - 1
      if change ~= '' and ms > 0 then
        local shutAt = math.max(nt, now + ms * 1000 + 1000)
        local left = limit + burst - used - cost
        if burst > 0 then left = math.min(left, math.floor(limit + burst - (fullAt - now) * limit / interval)) end
        if left > 1000000000 then left = 1000000000 end
        if left >= (limit + burst) / 16 and left > 0 and shutAt + interval + 15000000 <= ends then
          nt, room, opens = shutAt, left, ms
          slotText = string.format('%.0f %.0f %.0f %.0f %.0f', born, shutAt, limit, interval, burst)
          counter = string.format('%.0f', left * unitOfSlot + noCalls)
          life = math.ceil((ends - now) / 1000)
        end
      end
    else
      if nu > 0 then
        if ou == 0 then
          ot, ou = nt, nu
        else
          if listEnd - now < 2 * interval + 15000000 then break end
          stamps[i] = struct.pack('<dd', nt, nu)
          n = n + 1
        end
      end
      opened, nt, nu = at, at, cost
    end
    running = running - ended
    if running < 0 then running = 0 end
    heads[i] = struct.pack('<ddddddddddddddd', born, now, used + cost, ot, ou, n, opened, nt, nu, fullAt, running + 1,
      listEnd, ends, quiet, room)
    answer[4 + i] = born
  end
  if #heads == count then
    for i = 1, count do
      if stamps[i] then redis.call('RPUSH', KEYS[6 * i - 4], stamps[i]) end
      redis.call('SETRANGE', KEYS[6 * i - 5], 0, heads[i])
    end
    if opens > 0 then
      redis.call('SET', KEYS[5], slotText, 'PX', opens)
      redis.call('SET', KEYS[6], counter, 'PX', life)
    elseif shut then
      redis.call('DEL', KEYS[5], KEYS[6])
    end
    return answer
  end
end
`;
