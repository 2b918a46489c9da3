using System.Globalization;

namespace Orders.Tests.Sync.Cache;

/// <summary>One order in Redis as the scripts are to leave it, in plain C#: versions are compared as the numbers they are.</summary>
internal sealed class CacheModel
{
    private string? _ticket;
    private long? _version;
    private string? _merchant;
    private string? _body;

    /// <summary>The announced version is none: no change and no reader has it.</summary>
    private bool _isFenced;

    private long _filling;

    private bool IsEmpty => _ticket is null && _version is null && !_isFenced;

    private bool IsAnnounced => _ticket is not null && (_version is not null || _isFenced);

    /// <summary>What the fields of the entry are to be.</summary>
    public Dictionary<string, string> Fields()
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (IsEmpty)
            return fields;
        Add("t", _ticket);
        Add("v", _isFenced ? "-" : _version?.ToString(CultureInfo.InvariantCulture));
        Add("m", _merchant);
        Add("b", _body);
        Add("f", _filling.ToString(CultureInfo.InvariantCulture));
        return fields;

        void Add(string name, string? value)
        {
            if (value is not null)
                fields.Add(name, value);
        }
    }

    public void Announce(string ticket, long filling, long version)
    {
        Clear();
        (_ticket, _version, _filling) = (ticket, version, filling);
    }

    public void Complete(string ticket, long filling, long version, string? body, bool isToldByVersion)
    {
        if (_ticket == ticket)
        {
            Clear();
            (_version, _merchant, _body, _filling) = (version, "m-1", body, filling);
            return;
        }

        // Brought by a reader, perhaps from before the commit; not what is announced, is this version, or is of a later filling.
        var isReadersTicket = _ticket is not null && !IsAnnounced;
        var isOther = _ticket is null && _version is not null && !(isToldByVersion && _version == version);
        if (!IsEmpty && _filling <= filling && (isReadersTicket || isOther))
            Clear();
    }

    public void Invalidate()
    {
        if (!IsAnnounced)
            Clear();
    }

    public void Fence(string ticket)
    {
        var (isAnnounced, filling) = (IsAnnounced, _filling);
        Clear();
        if (isAnnounced)
            (_ticket, _isFenced, _filling) = (ticket, true, filling);
    }

    public void Withdraw(string ticket)
    {
        if (_ticket == ticket)
            Clear();
    }

    /// <summary>Version, merchant, body and ticket as a reader of this filling gets them.</summary>
    public string?[] Look(string ticket, long filling)
    {
        if (!IsEmpty && _filling > filling)
            return [null, null, null, null];
        if (!IsEmpty && _filling < filling)
            Clear();
        if (IsEmpty)
            (_ticket, _filling) = (ticket, filling);
        return [_isFenced ? "-" : _version?.ToString(CultureInfo.InvariantCulture), _merchant, _body, _ticket];
    }

    public bool Fill(string ticket, long filling, long version, string body)
    {
        if (_ticket != ticket || _isFenced || (_version is not null && _version != version))
            return false;
        Clear();
        (_version, _merchant, _body, _filling) = (version, "m-1", body, filling);
        return true;
    }

    public void GiveBack(string ticket)
    {
        if (_ticket == ticket && !IsAnnounced)
            Clear();
    }

    public void Evict() => Clear();

    private void Clear() => (_ticket, _version, _merchant, _body, _isFenced, _filling) = (null, null, null, null, false, 0);
}
