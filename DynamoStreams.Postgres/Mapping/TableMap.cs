using System.Linq.Expressions;
using System.Text.Json;
using Npgsql;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>
/// A declared table. A batch of the stream becomes four statements at most, whatever its size. A row is
/// written when the change's place in the stream is behind the row's own; a deletion leaves a tombstone, so
/// that what is read again does not come back. By place and not by version, because only the place is never
/// lowered by a writer; the version decides where a row has no place, as one that was filled in from
/// elsewhere.
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

    /// <summary>Names the table of Postgres.</summary>
    /// <param name="name">Its name; with its schema before a dot where it is not on the search path.</param>
    public TableMap<T> ToTable(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _table = string.Join('.', name.Split('.').Select(MappedSql.Quote));
        return this;
    }

    /// <summary>Adds a column of the primary key. Several make one key, in this order.</summary>
    /// <param name="member">The member of the item, as <c>p => p.Id</c>.</param>
    /// <param name="column">The column; null for the member's name in snake_case.</param>
    public TableMap<T> Key<TValue>(Expression<Func<T, TValue>> member, string? column = null) => Add(member, column, ColumnRole.Key);

    /// <summary>
    /// Says which number rises with each write of an item. It may be left out: then any change of the stream
    /// replaces a row that has no place.
    /// </summary>
    /// <param name="member">The member of the item.</param>
    /// <param name="column">The column; null for the member's name in snake_case.</param>
    /// <exception cref="InvalidOperationException">Another member was named before.</exception>
    public TableMap<T> Version(Expression<Func<T, long>> member, string? column = null) =>
        _columns.Exists(known => known.Role == ColumnRole.Version)
            ? throw new InvalidOperationException($"The table of {typeof(T).Name} has a version already. One number tells which of two states is later.")
            : Add(member, column, ColumnRole.Version);

    /// <summary>Adds a column.</summary>
    /// <param name="member">The member of the item: a text, number, truth, time, date, Guid, bytes, or JSON
    /// (<see cref="JsonElement"/>).</param>
    /// <param name="column">The column; null for the member's name in snake_case.</param>
    public TableMap<T> Column<TValue>(Expression<Func<T, TValue>> member, string? column = null) => Add(member, column, ColumnRole.Content);

    /// <summary>
    /// Takes only items of which an attribute is this text. A table often holds several kinds of items; all
    /// others are passed over.
    /// </summary>
    /// <param name="attribute">The attribute, as the table has it.</param>
    /// <param name="value">Its value.</param>
    public TableMap<T> Only(string attribute, string value)
    {
        _only = (attribute, value);
        return this;
    }

    /// <summary>Makes the handler for <see cref="StreamConsumer"/>.</summary>
    /// <param name="database">The database of the table and of the consumer's tables.</param>
    /// <param name="schema">The schema of the consumer's tables; null for
    /// <see cref="ConsumerSchema.Default"/>.</param>
    /// <exception cref="InvalidOperationException">The declaration lacks its table's name or its
    /// key.</exception>
    public PostgresBatchHandler Handler(NpgsqlDataSource database, ConsumerSchema? schema = null) =>
        new MappedTableHandler<T>(new MappedReader<T>(_options, _columns, _only), new MappedSql<T>(Table(), _columns), database, schema);

    /// <summary>
    /// The statements that make the table and the one of its tombstones, for migrations of your own. They
    /// make what is not there.
    /// </summary>
    /// <exception cref="InvalidOperationException">The declaration lacks its table's name or its
    /// key.</exception>
    public string CreateStatements() => new MappedSql<T>(Table(), _columns).Create();

    /// <summary>
    /// Makes the table and the one of its tombstones, where they are not there. A table that is there stays
    /// as it is.
    /// </summary>
    /// <param name="database">The database.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">The declaration lacks its table's name or its
    /// key.</exception>
    public async Task CreateAsync(NpgsqlDataSource database, CancellationToken cancellationToken = default)
    {
        await using var command = database.CreateCommand(CreateStatements());
        await command.ExecuteNonQueryAsync(cancellationToken);
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
        if (added.Name == MappedSql.Place || _columns.Exists(known => known.Name == added.Name))
        {
            throw new ArgumentException($"The column {added.Name} of {typeof(T).Name} is there already. Give this member another one.", nameof(column));
        }

        _columns.Add(added);
        return this;
    }
}
