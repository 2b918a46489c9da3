using System.Linq.Expressions;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>
/// A declared table. A batch of the stream becomes four statements at most, whatever its size. A row is
/// written only if the change comes later in the stream than the row's last change. A deletion leaves a
/// tombstone, so that a record that is read again does not bring the row back. The place in the stream
/// decides, because a writer can lower a version but not the place. The version decides only for a row
/// without a place, which was not written by the stream.
/// </summary>
/// <typeparam name="T">An item.</typeparam>
public sealed class TableMap<T>
    where T : class
{
    private readonly JsonSerializerOptions _options;
    private readonly List<MappedColumn<T>> _columns = [];
    private string? _table;
    private (string Attribute, string Value)? _only;

    internal TableMap(JsonSerializerOptions options) => _options = options;

    /// <summary>Names the Postgres table.</summary>
    /// <param name="name">Its name; with its schema before a dot where it is not on the search path.</param>
    /// <exception cref="ArgumentException">The name has more parts, or one that is empty or too
    /// long.</exception>
    public TableMap<T> ToTable(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var parts = name.Split('.');
        var longest = MappedSql.LongestName - MappedSql.TombstonesEnd.Length;
        if (parts.Length > 2 || parts.Any(string.IsNullOrWhiteSpace) || parts.Any(part => Encoding.UTF8.GetByteCount(part) > longest))
        {
            throw new ArgumentException($"'{name}' cannot be the table. A name is 'table' or 'schema.table', each part with 1 to {longest} bytes: Postgres cuts longer ones off.", nameof(name));
        }

        _table = string.Join('.', parts.Select(MappedSql.Quote));
        return this;
    }

    /// <summary>Adds a column of the primary key. Several make one key, in this order.</summary>
    /// <param name="member">The member of the item, as <c>p => p.Id</c>.</param>
    /// <param name="column">The column; null for the member's name in snake_case.</param>
    public TableMap<T> Key<TValue>(Expression<Func<T, TValue>> member, string? column = null) => Add(member, column, ColumnRole.Key);

    /// <summary>
    /// Names the number that rises with each write of an item. Optional: without it any change replaces a
    /// row that has no place.
    /// </summary>
    /// <param name="member">The member of the item.</param>
    /// <param name="column">The column; null for the member's name in snake_case.</param>
    /// <exception cref="InvalidOperationException">Another member was named before.</exception>
    public TableMap<T> Version(Expression<Func<T, long>> member, string? column = null) =>
        _columns.Exists(known => known.Role == ColumnRole.Version)
            ? throw new InvalidOperationException($"The table of {typeof(T).Name} has a version already. One number tells which of two states is later.")
            : Add(member, column, ColumnRole.Version);

    /// <summary>Adds a column.</summary>
    /// <param name="member">The member of the item: a string, number, bool, time, date, Guid, bytes, or JSON
    /// (<see cref="JsonElement"/>).</param>
    /// <param name="column">The column; null for the member's name in snake_case.</param>
    public TableMap<T> Column<TValue>(Expression<Func<T, TValue>> member, string? column = null) => Add(member, column, ColumnRole.Content);

    /// <summary>
    /// Takes only items with this value of an attribute, for a table that holds several kinds of items. All
    /// other items are skipped.
    /// </summary>
    /// <param name="attribute">The name of the attribute in the DynamoDB table.</param>
    /// <param name="value">Its value.</param>
    public TableMap<T> Only(string attribute, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(attribute);
        ArgumentNullException.ThrowIfNull(value);
        _only = (attribute, value);
        return this;
    }

    /// <summary>Makes the handler for <see cref="StreamConsumer"/>.</summary>
    /// <param name="database">The database of the table and of the consumer's tables.</param>
    /// <param name="schema">The schema of the consumer's tables; null for
    /// <see cref="ConsumerSchema.Default"/>.</param>
    /// <exception cref="InvalidOperationException">The declaration lacks its table's name or its
    /// key.</exception>
    public PostgresBatchHandler Handler(NpgsqlDataSource database, ConsumerSchema? schema = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        return new MappedTableHandler<T>(new MappedReader<T>(_options, _columns, _only), new MappedSql<T>(Table(), _columns), database, schema);
    }

    /// <summary>
    /// The statements that create the table and its table of tombstones, for migrations of your own. They
    /// create what does not exist.
    /// </summary>
    /// <exception cref="InvalidOperationException">The declaration lacks its table's name or its
    /// key.</exception>
    public string CreateStatements() => string.Concat(new MappedSql<T>(Table(), _columns).Creates().Select(statement => $"{statement};\n"));

    /// <summary>
    /// Creates the table and its table of tombstones if they do not exist. An existing table is not changed.
    /// </summary>
    /// <param name="database">The database.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">The declaration lacks its table's name or its
    /// key.</exception>
    public async Task CreateAsync(NpgsqlDataSource database, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(database);

        // Instances that start together take turns: IF NOT EXISTS alone does not keep them apart.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("SELECT pg_advisory_xact_lock(hashtext($1))") { Parameters = { new() { Value = Table() } } });
        foreach (var statement in new MappedSql<T>(Table(), _columns).Creates())
        {
            batch.BatchCommands.Add(new(statement));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private string Table()
    {
        if (_table is null)
        {
            throw new InvalidOperationException($"The map of {typeof(T).Name} has no table. Name it with ToTable.");
        }

        return _columns.Exists(column => column.Role == ColumnRole.Key) ? _table : throw new InvalidOperationException($"The map of {typeof(T).Name} has no key. Name the members of the primary key with Key.");
    }

    private TableMap<T> Add<TValue>(Expression<Func<T, TValue>> member, string? column, ColumnRole role)
    {
        ArgumentNullException.ThrowIfNull(member);
        var added = MappedColumn<T>.Of(member, column, role);
        if (string.IsNullOrWhiteSpace(added.Name) || Encoding.UTF8.GetByteCount(added.Name) > MappedSql.LongestName)
        {
            throw new ArgumentException($"'{added.Name}' cannot be a column of {typeof(T).Name}. A name has 1 to {MappedSql.LongestName} bytes.", nameof(column));
        }

        if (MappedSql.OwnColumns.Contains(added.Name))
        {
            throw new ArgumentException($"The column {added.Name} of {typeof(T).Name} is one of this library's own. Give this member another one.", nameof(column));
        }

        if (_columns.Exists(known => known.Name == added.Name))
        {
            throw new ArgumentException($"The column {added.Name} of {typeof(T).Name} is there already. Give this member another one.", nameof(column));
        }

        _columns.Add(added);
        return this;
    }
}
