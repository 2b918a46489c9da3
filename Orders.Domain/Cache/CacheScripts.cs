namespace Orders.Domain.Cache;

/// <summary>
/// The only ways in which an order gets into Redis and out of it. A change is announced before it is
/// committed, which takes the old version away from readers, and completed afterwards; a reader that misses
/// leaves a ticket before it asks Postgres, and fills afterwards. Both write only where their ticket still
/// is: so a late write, after an eviction, a flush, another change or a change of owner, does nothing. It is
/// a compare-and-set on the ticket: clocks and version order do not matter.
/// </summary>
/// <remarks>An order that fails keeps no other of its call from being written: the script goes on, and
/// returns the error at its end.</remarks>
public static class CacheScripts
{
    /// <summary>
    /// Tells which pending announcements stay beside a new one, each followed by a space, and how long. The
    /// stream's own follow each other: who announces its next change has committed the last one, or lost the
    /// right to. One from beside the stream may be committed before or after any other. Dead writers never
    /// end theirs: such announcements are passed over when less than a fifth of their time is left.
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
    /// Announces changes: takes each entry away and puts a ticket in its place. <c>KEYS</c> the orders;
    /// <c>ARGV[1]</c> the ticket, <c>ARGV[2]</c> seconds to live, <c>ARGV[3]</c> the filling, then for each
    /// order the version that it will have: a reader that finds it in Postgres may fill the entry before it
    /// is completed. Where an announcement from beside the stream is pending, or this is one
    /// (<see cref="OrderCache.BesideTheStream"/>), the entry is shared: no writer completes it any more,
    /// since none knows whose commit is the last, and who ends last removes it. An entry of a later filling
    /// goes, too: its readers do not take this one for theirs.
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
    /// Takes a ticket out of those that an entry has, and the entry away with its last. False where it has
    /// not this one.
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
    /// tombstone), seconds to live, and the version by which the state can be told from the one before
    /// (empty for none). A shared entry loses the ticket, and goes with the last one. An entry that lost its
    /// ticket is not written. If it holds something all the same, it was evicted in between and read again,
    /// perhaps from before the commit: it is removed, but for a change that is announced, for that version,
    /// and for what is of a later filling. Returns how many were written.
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
    /// Removes orders, but for those with an announced change, which no reader gets anyway: the ticket must
    /// stay until it is completed. <c>KEYS</c> the orders. Returns how many were removed.
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
    /// one with a new ticket, which is never completed: it fences off the delayed <see cref="Complete"/> of
    /// a writer that has since committed later changes past Redis, and the <see cref="Fill"/> of readers
    /// while another writer commits. <c>KEYS</c> the orders; <c>ARGV[1]</c> the new ticket, <c>ARGV[2]</c> a
    /// version that no change has, <c>ARGV[3]</c> seconds to live.
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
    /// Takes announcements back whose changes came to nothing. <c>KEYS</c> the orders; <c>ARGV[1]</c> the
    /// ticket.
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
    /// A reader's second look. <c>KEYS[1]</c> the order; <c>ARGV[1]</c> a ticket to leave where nothing is,
    /// <c>ARGV[2]</c> its milliseconds to live, <c>ARGV[3]</c> the filling. Returns version, merchant, body
    /// and ticket as they are now: without a merchant, the ticket is what to fill the entry with. What is
    /// left of an earlier filling goes; of a later one the reader gets nothing, and no ticket.
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
    /// Fills an entry with what a reader found after it had the ticket. <c>KEYS[1]</c> the order;
    /// <c>ARGV</c> the ticket, version, merchant, body, seconds to live, filling. An announced change lets
    /// in nothing but its own version. Returns 1 when it was written.
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
    /// Takes a reader's ticket back for an order that is nowhere. <c>KEYS[1]</c> the order; <c>ARGV[1]</c>
    /// the ticket, which an announced change keeps.
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
