using System.Globalization;

namespace Orders.Tests.Sync.Cache;

/// <summary>
/// One order in Redis as the scripts are to leave it, in plain C#: versions are the numbers they are.
/// </summary>
internal sealed class CacheModel
{
    private readonly List<string> _tickets = [];
    private long? _version;
    private string? _merchant;
    private string? _body;
    private long _filling;

    /// <summary>Its announced version is none: no change and no reader has it.</summary>
    private bool _isFenced;

    private bool _isShared;

    private bool IsAnnounced => _tickets is not [] && (_version is not null || _isFenced);

    private bool IsEmpty => _tickets is [] && _version is null;

    private string? Version => _isFenced ? "-" : _version?.ToString(CultureInfo.InvariantCulture);

    private string? Ticket => _tickets is [] ? null : string.Join(' ', _tickets);

    /// <summary>What the fields of the entry are to be.</summary>
    public Dictionary<string, string> Fields()
    {
        (string Name, string? Value)[] fields =
        [
            ("t", Ticket), ("v", Version), ("m", _merchant), ("b", _body), ("s", _isShared ? "1" : null), ("f", IsEmpty ? null : _filling.ToString(CultureInfo.InvariantCulture)),
        ];
        return fields.Where(field => field.Value is not null).ToDictionary(field => field.Name, field => field.Value!, StringComparer.Ordinal);
    }

    /// <param name="ticket">Whose change.</param>
    /// <param name="filling">For which filling.</param>
    /// <param name="version">Null for none.</param>
    public void Announce(string ticket, long filling, long? version)
    {
        var others = IsAnnounced && _filling == filling ? Beside(ticket) : [];
        Clear();
        Pend(others, ticket, filling, others is [] ? version : null);
    }

    public void Complete(string ticket, long filling, long version, string? body, bool isToldByVersion)
    {
        if (_isShared && _tickets.Contains(ticket))
        {
            Withdraw(ticket);
        }
        else if (!_isShared && Ticket == ticket)
        {
            Write(filling, version, body);
        }
        else if (!IsEmpty && _filling <= filling)
        {
            // Brought by a reader, perhaps from before the commit: whatever it is but what is announced and
            // this version.
            var isAboutToCome = _tickets is not [] && !IsAnnounced;
            var isOther = _tickets is [] && !(isToldByVersion && _version == version);
            if (isAboutToCome || isOther)
            {
                Clear();
            }
        }
    }

    public void Invalidate()
    {
        if (!IsAnnounced)
        {
            Clear();
        }
    }

    public void Fence(string ticket)
    {
        var (isAnnounced, others, filling) = (IsAnnounced, Beside(ticket), _filling);
        Clear();
        if (isAnnounced)
        {
            Pend(others, ticket, filling, version: null);
        }
    }

    public void Withdraw(string ticket)
    {
        if (_tickets.Remove(ticket) && _tickets is [])
        {
            Clear();
        }
    }

    /// <summary>Version, merchant, body and ticket as a reader of this filling gets them.</summary>
    public string?[] Look(string ticket, long filling)
    {
        if (!IsEmpty && _filling > filling)
        {
            return [null, null, null, null];
        }

        if (!IsEmpty && _filling < filling)
        {
            Clear();
        }

        if (IsEmpty)
        {
            _tickets.Add(ticket);
            _filling = filling;
        }

        return [Version, _merchant, _body, Ticket];
    }

    public bool Fill(string ticket, long filling, long version, string body)
    {
        if (Ticket != ticket || _isFenced || (_version is not null && _version != version))
        {
            return false;
        }

        Write(filling, version, body);
        return true;
    }

    public void GiveBack(string ticket)
    {
        if (Ticket == ticket && !IsAnnounced)
        {
            Clear();
        }
    }

    public void Evict() => Clear();

    // The announcements of the stream follow each other; one from beside it stays, and others stay with it.
    private string[] Beside(string ticket) => [.. _tickets.Where(other => other != ticket && (ticket[0] == '+' || other[0] == '+'))];

    private void Pend(string[] others, string ticket, long filling, long? version)
    {
        _tickets.AddRange([.. others, ticket]);
        (_version, _isFenced, _isShared, _filling) = (version, version is null, others is not [], filling);
    }

    private void Write(long filling, long version, string? body)
    {
        Clear();
        (_version, _merchant, _body, _filling) = (version, "m-1", body, filling);
    }

    private void Clear()
    {
        _tickets.Clear();
        (_version, _merchant, _body, _isFenced, _isShared, _filling) = (null, null, null, false, false, 0);
    }
}
