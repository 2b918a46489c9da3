namespace Orders.Warehouse.Tables;

/// <summary>What the catalog says of a table of the setting.</summary>
internal sealed record TableLook
{
    /// <summary>Its name.</summary>
    public required SqlName Name { get; init; }

    /// <summary>Its oid; null when there is no relation of the name.</summary>
    public uint? Relation { get; init; }

    /// <summary><c>relkind</c></summary>
    public char Kind { get; init; }

    /// <summary><c>relpersistence</c></summary>
    public char Persistence { get; init; }

    /// <summary><c>relreplident</c></summary>
    public char Identity { get; init; }

    /// <summary>The numbers of its primary key's columns, in the key's order; null for no key.</summary>
    public string? KeyNumbers { get; init; }

    /// <summary>The names of its primary key's columns.</summary>
    public IReadOnlyList<string> KeyColumns { get; init; } = [];

    /// <summary>All columns, as <see cref="Attributes"/> compares them.</summary>
    public string Attributes { get; init; } = "";

    /// <summary>Its files: another one means that the table was rewritten.</summary>
    public string Files { get; init; } = "";

    /// <summary>Whether this user may read it.</summary>
    public bool MayRead { get; init; }

    /// <summary>
    /// Its entry in the publication; null for none, or one that leaves out rows or columns.
    /// </summary>
    public uint? Entry { get; init; }

    /// <summary>Why it cannot be read, and the way out; null when it can.</summary>
    public string? Fault() => this switch
    {
        _ when Name.Fault is { } fault => $"{Name}: {fault}",
        { Relation: null } => $"{Name} does not exist: it was dropped or renamed, or Orders__Warehouse__SqlTables has another name than the catalog. What was read of it stays.",
        { Kind: not ('r' or 'p') } => $"{Name} is no table (relkind {Kind}), and only tables are read by logical replication: name the tables under it.",
        { Persistence: not 'p' } => $"{Name} is unlogged or temporary, so its changes are not in the write-ahead log: ALTER TABLE {Name.Quoted} SET LOGGED.",
        { KeyNumbers: null } => $"{Name} has no primary key, so a change cannot say which row it is of: ALTER TABLE {Name.Quoted} ADD PRIMARY KEY (…), or take it out of Orders__Warehouse__SqlTables.",
        { MayRead: false } => $"{Name} may not be read by this database user: GRANT SELECT ON {Name.Quoted} to it.",
        _ => null,
    };
}
