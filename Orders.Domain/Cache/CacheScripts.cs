namespace Orders.Domain.Cache;

/// <summary>
/// All scripts that write or remove an order in Redis. A change is announced before its commit, which hides
/// the old version from readers, and completed afterwards. A reader that misses leaves a ticket before it
/// reads Postgres, and fills the entry afterwards. Both write only while the entry still has their ticket
/// (compare-and-set). So a late write does nothing: after an eviction, a flush, another change or a change
/// of owner. Clocks and the order of versions do not matter.
/// </summary>
/// <remarks>
/// An order that fails does not stop the others of the call: the script continues, and returns the error at
/// its end.
/// </remarks>
public static class CacheScripts
{
    /// <summary>
    /// Returns the pending announcements that stay next to a new one, each followed by a space, and their
    /// time to live. Announcements of the stream replace each other: a writer that announces the next change
    /// has committed the last one, or lost the right to. An announcement from outside the stream may be
    /// committed before or after any other. A dead writer never ends its announcements: they are ignored
    /// when less than a fifth of their time is left.
    /// </summary>
    private const string Beside =
        """
        local function beside(key, have, ticket, life)
          local others = ''
          for other in string.gmatch(have, '%S+') do
            if other ~= ticket and (string.sub(ticket, 1, 1) == '+' or string.sub(other, 1, 1) == '+') then
              others = others .. other .. ' '
            end
          end
          local left = others ~= '' and redis.call('PTTL', key)
          if not left or left < life / 5 then
            return '', life
          end
          return others, left
        end

        """;

    /// <summary>
    /// Announces changes: replaces each entry by a ticket. <c>KEYS</c> the orders; <c>ARGV[1]</c> the
    /// ticket, <c>ARGV[2]</c> seconds to live, <c>ARGV[3]</c> the filling, then for each order the version
    /// that it will have: a reader that finds it in Postgres may fill the entry before it is completed. When
    /// an announcement from outside the stream is pending, or this is one
    /// (<see cref="OrderCache.BesideTheStream"/>), the entry is shared. No writer completes a shared entry,
    /// since none knows whose commit is the last; the last writer to end removes it. An entry of a later
    /// filling is removed too, since its readers ignore this filling.
    /// </summary>
    public const string Announce =
        $$"""
        {{Beside}}
        local call, failed = redis.pcall, nil
        for n = 1, #KEYS do
          local key, others, version, life = KEYS[n], '', ARGV[3 + n], ARGV[2] * 1000
          local have = call('HMGET', key, 't', 'v', 'f')
          if have.err == nil and have[1] and have[2] and have[3] == ARGV[3] then
            others, life = beside(key, have[1], ARGV[1], life)
          end
          local answer = call('DEL', key)
          if type(answer) ~= 'table' and others == '' then
            answer = call('HSET', key, 't', ARGV[1], 'v', version, 'f', ARGV[3])
          elseif type(answer) ~= 'table' then
            answer = call('HSET', key, 't', others .. ARGV[1], 'v', '-', 'f', ARGV[3], 's', 1)
          end
          if type(answer) == 'table' then
            failed = answer
          else
            call('PEXPIRE', key, life)
          end
        end
        return failed or #KEYS
        """;

    /// <summary>
    /// Removes a ticket from an entry, and the entry with its last ticket. False when the entry does not
    /// have the ticket.
    /// </summary>
    private const string End =
        """
        local function ends(key, have, ticket)
          local others, found = '', false
          for other in string.gmatch(have or '', '%S+') do
            if other == ticket then
              found = true
            else
              others = (others == '' and '' or others .. ' ') .. other
            end
          end
          if found and others == '' then
            redis.call('DEL', key)
          elseif found then
            redis.call('HSET', key, 't', others)
          end
          return found
        end

        """;

    /// <summary>
    /// Completes announced changes after their commit. <c>KEYS</c> the orders; <c>ARGV[1]</c> the ticket,
    /// <c>ARGV[2]</c> the filling, then five for each order: version, merchant, body (empty for a
    /// tombstone), seconds to live, and the version that identifies the new state (empty for none). A shared
    /// entry loses the ticket, and is removed with the last one. An entry without the ticket is not written.
    /// If it has an order, it was evicted and filled again, perhaps from before the commit: it is removed,
    /// unless it has an announcement, that version, or a later filling. Returns how many were written.
    /// </summary>
    public const string Complete =
        $$"""
        {{End}}
        local call = redis.pcall
        local written, failed = 0, nil
        for n = 1, #KEYS do
          local key, version, merchant, body, seconds, told = KEYS[n], ARGV[5 * n - 2], ARGV[5 * n - 1], ARGV[5 * n], ARGV[5 * n + 1], ARGV[5 * n + 2]
          local have = call('HMGET', key, 't', 'v', 'f', 's')
          local answer = have
          if have.err == nil then
            if have[4] and ends(key, have[1], ARGV[1]) then
              answer = 0
            elseif have[1] == ARGV[1] and not have[4] then
              answer = call('DEL', key)
              if type(answer) == 'table' then
                -- As it is, no reader takes it.
              elseif body == '' then
                answer = call('HSET', key, 'v', version, 'm', merchant, 'f', ARGV[2])
              else
                answer = call('HSET', key, 'v', version, 'm', merchant, 'f', ARGV[2], 'b', body)
              end
              if type(answer) ~= 'table' then
                call('EXPIRE', key, seconds)
                written = written + 1
              end
            else
              answer = 0
              if not (have[3] and have[3] > ARGV[2]) and ((have[1] and not have[2]) or (not have[1] and have[2] and have[2] ~= told)) then
                answer = call('DEL', key)
              end
            end
          end
          if type(answer) == 'table' then
            failed = answer
          end
        end
        return failed or written
        """;

    /// <summary>
    /// Removes orders, except those with an announced change. No reader gets these, and the ticket must stay
    /// until it is completed. <c>KEYS</c> the orders. Returns how many were removed.
    /// </summary>
    public const string Invalidate =
        """
        local removed = 0
        for n = 1, #KEYS do
          local have = redis.pcall('HMGET', KEYS[n], 't', 'v')
          if have.err ~= nil or not (have[1] and have[2]) then
            removed = removed + redis.call('DEL', KEYS[n])
          end
        end
        return removed
        """;

    /// <summary>
    /// Invalidates orders of which Redis misses a committed change. A pending announcement is replaced by
    /// one with a new ticket, which is never completed. It fences the entry against a delayed
    /// <see cref="Complete"/> of a writer whose later changes bypassed Redis, and against a
    /// <see cref="Fill"/> of readers while another writer commits. <c>KEYS</c> the orders; <c>ARGV[1]</c>
    /// the new ticket, <c>ARGV[2]</c> a version that no change has, <c>ARGV[3]</c> seconds to live.
    /// </summary>
    public const string InvalidateAndFence =
        $$"""
        {{Beside}}
        for n = 1, #KEYS do
          local have = redis.pcall('HMGET', KEYS[n], 't', 'v', 'f')
          local isPending = have.err == nil and have[1] and have[2]
          local others, life = '', ARGV[3] * 1000
          if isPending then
            others, life = beside(KEYS[n], have[1], ARGV[1], life)
          end
          redis.call('DEL', KEYS[n])
          if isPending then
            redis.call('HSET', KEYS[n], 't', others .. ARGV[1], 'v', ARGV[2], 'f', have[3] or '')
            if others ~= '' then
              redis.call('HSET', KEYS[n], 's', 1)
            end
            redis.call('PEXPIRE', KEYS[n], life)
          end
        end
        return #KEYS
        """;

    /// <summary>
    /// Withdraws announcements of changes that were not committed. <c>KEYS</c> the orders; <c>ARGV[1]</c>
    /// the ticket.
    /// </summary>
    public const string Withdraw =
        $$"""
        {{End}}
        for n = 1, #KEYS do
          local have = redis.pcall('HGET', KEYS[n], 't')
          if type(have) == 'string' then
            ends(KEYS[n], have, ARGV[1])
          end
        end
        return #KEYS
        """;

    /// <summary>
    /// A reader's second read. <c>KEYS[1]</c> the order; <c>ARGV[1]</c> a ticket to leave where nothing is,
    /// <c>ARGV[2]</c> its milliseconds to live, <c>ARGV[3]</c> the filling. Returns the current version,
    /// merchant, body and ticket. Without a merchant, the reader fills the entry with the ticket. An entry
    /// of an earlier filling is removed; for one of a later filling the reader gets nothing, and no ticket.
    /// </summary>
    public const string Look =
        """
        local have = redis.call('HMGET', KEYS[1], 'v', 'm', 'b', 't', 'f')
        if have[5] and have[5] > ARGV[3] then
          return { false, false, false, false }
        end
        if have[5] and have[5] < ARGV[3] then
          redis.call('DEL', KEYS[1])
          have = { false, false, false, false }
        end
        if not have[1] and not have[2] and not have[4] and redis.call('EXISTS', KEYS[1]) == 0 then
          redis.call('HSET', KEYS[1], 't', ARGV[1], 'f', ARGV[3])
          redis.call('PEXPIRE', KEYS[1], ARGV[2])
          have[4] = ARGV[1]
        end
        return { have[1], have[2], have[3], have[4] }
        """;

    /// <summary>
    /// Fills an entry with what a reader found in Postgres after it got the ticket. <c>KEYS[1]</c> the
    /// order; <c>ARGV</c> the ticket, version, merchant, body, seconds to live, filling. An announced change
    /// accepts only its own version. Returns 1 when it was written.
    /// </summary>
    public const string Fill =
        """
        local have = redis.call('HMGET', KEYS[1], 't', 'v')
        if have[1] ~= ARGV[1] or (have[2] and have[2] ~= ARGV[2]) then
          return 0
        end
        redis.call('DEL', KEYS[1])
        redis.call('HSET', KEYS[1], 'v', ARGV[2], 'm', ARGV[3], 'b', ARGV[4], 'f', ARGV[6])
        redis.call('EXPIRE', KEYS[1], ARGV[5])
        return 1
        """;

    /// <summary>
    /// Withdraws a reader's ticket for an order that does not exist. <c>KEYS[1]</c> the order;
    /// <c>ARGV[1]</c> the ticket, which an announced change keeps.
    /// </summary>
    public const string GiveBack =
        """
        local have = redis.call('HMGET', KEYS[1], 't', 'v')
        if have[1] == ARGV[1] and not have[2] then
          return redis.call('DEL', KEYS[1])
        end
        return 0
        """;
}
