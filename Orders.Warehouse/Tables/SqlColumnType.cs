using System.Globalization;

namespace Orders.Warehouse.Tables;

/// <summary>
/// How a column of Postgres is written: its type in the file, and how that is made of its text. What Parquet
/// lacks, or would round, stays text.
/// </summary>
/// <param name="Name">The type in Postgres, with its modifier.</param>
/// <param name="FileType">The type in the file, as DuckDB names it.</param>
/// <param name="Kind">What is done with the text first.</param>
/// <param name="IsList">Whether it is a list of those.</param>
internal sealed record SqlColumnType(string Name, string FileType, ColumnKind Kind, bool IsList)
{
    // DuckDB's timestamps end in this year; Postgres' in 294276.
    private const int LastYear = 294_246;
    private const int YearDigits = 6;
    private const int MostDigits = 38;
    private const int TypeModifierOffset = 4;

    private static readonly Dictionary<string, (string FileType, ColumnKind Kind)> Simple = new(StringComparer.Ordinal)
    {
        ["bool"] = ("BOOLEAN", ColumnKind.Plain),
        ["int2"] = ("SMALLINT", ColumnKind.Plain),
        ["int4"] = ("INTEGER", ColumnKind.Plain),
        ["int8"] = ("BIGINT", ColumnKind.Plain),
        ["oid"] = ("BIGINT", ColumnKind.Plain),
        ["float4"] = ("FLOAT", ColumnKind.Plain),
        ["float8"] = ("DOUBLE", ColumnKind.Plain),
        ["uuid"] = ("UUID", ColumnKind.Plain),
        ["date"] = ("DATE", ColumnKind.Time),
        ["time"] = ("TIME", ColumnKind.Plain),
        ["timestamp"] = ("TIMESTAMP", ColumnKind.Time),
        ["timestamptz"] = ("TIMESTAMPTZ", ColumnKind.Time),
        ["bytea"] = ("BLOB", ColumnKind.Bytes),
    };

    /// <summary>Maps a column. A pure function.</summary>
    /// <param name="find">Finds a type.</param>
    /// <param name="oid">The column's type.</param>
    /// <param name="modifier">Its modifier, <c>atttypmod</c>.</param>
    public static SqlColumnType Of(Func<uint, PgType?> find, uint oid, int modifier)
    {
        if (find(oid) is not { } type)
        {
            return new($"type {oid}", "VARCHAR", ColumnKind.Plain, IsList: false);
        }

        if (type.Domain != 0)
        {
            return Of(find, type.Domain, modifier >= 0 ? modifier : type.Modifier) with { Name = type.Name };
        }

        if (type.Element != 0)
        {
            var element = Of(find, type.Element, modifier);
            return find(type.Element) is { Delimiter: ',' } && !element.IsList
                ? element with { Name = $"{element.Name}[]", FileType = $"{element.FileType}[]", IsList = true }
                : new($"{element.Name}[]", "VARCHAR", ColumnKind.Plain, IsList: false);
        }

        if (type is { IsBuiltIn: true, Name: "numeric" } && modifier >= 0)
        {
            return Numeric(modifier - TypeModifierOffset);
        }

        var (fileType, kind) = type.IsBuiltIn && Simple.TryGetValue(type.Name, out var simple) ? simple : ("VARCHAR", ColumnKind.Plain);
        return new(type.Name, fileType, kind, IsList: false);
    }

    /// <summary>Whether a value fits the type in the file. One that does not is NULL there; the row's text
    /// has it.</summary>
    public bool Fits(string text) => !IsList ? FitsOne(text) : PgArray.Read(text)?.TrueForAll(element => element is null || FitsOne(element)) == true;

    /// <summary>The text as <see cref="Sql"/> reads it.</summary>
    public string? Prepare(string? text) => text is null ? null
        : IsList ? PgArray.Read(text) is { } elements ? RowJson.List(elements.ConvertAll(PrepareOne)) : null
        : PrepareOne(text);

    /// <summary>The expression that makes the value.</summary>
    /// <param name="column">The column that has the text.</param>
    public string Sql(string column) => (IsList, Kind) switch
    {
        (false, ColumnKind.Bytes) => $"unhex({column})",
        (true, ColumnKind.Bytes) => $"list_transform(from_json({column}, '[\"VARCHAR\"]'), lambda x: unhex(x))",
        (true, _) => $"TRY_CAST(from_json({column}, '[\"VARCHAR\"]') AS {FileType})",
        (false, _) when FileType == "VARCHAR" => column,
        _ => $"TRY_CAST({column} AS {FileType})",
    };

    // The scale is in the last 11 bits, with its sign. It may be negative, or larger than the precision.
    private static SqlColumnType Numeric(int modifier)
    {
        var precision = (modifier >> 16) & 0xffff;
        var scale = ((modifier & 0x7ff) ^ 1024) - 1024;
        var digits = Math.Max(Math.Max(precision, scale), precision - scale * (scale < 0 ? 1 : 0));
        var name = string.Create(CultureInfo.InvariantCulture, $"numeric({precision},{scale})");
        return digits <= MostDigits
            ? new(name, string.Create(CultureInfo.InvariantCulture, $"DECIMAL({digits},{Math.Max(scale, 0)})"), ColumnKind.Decimal, IsList: false)
            : new(name, "VARCHAR", ColumnKind.Plain, IsList: false);
    }

    private bool FitsOne(string text) => Kind switch
    {
        ColumnKind.Decimal => text is not ("NaN" or "Infinity" or "-Infinity"),
        ColumnKind.Time when text.IndexOf('-', StringComparison.Ordinal) >= YearDigits && !FileType.StartsWith("DATE", StringComparison.Ordinal) =>
            int.Parse(text.AsSpan(0, text.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture) <= LastYear,
        _ => true,
    };

    private string? PrepareOne(string? text)
    {
        switch (Kind)
        {
            case ColumnKind.Bytes:
                return text?[2..];
            // Postgres writes BC at the end, DuckDB reads it after the date.
            case ColumnKind.Time when text?.EndsWith(" BC", StringComparison.Ordinal) == true:
                var date = text.IndexOf(' ', StringComparison.Ordinal);
                return $"{text[..date]} (BC){text[date..^3]}";
            default:
                return text;
        }
    }
}
