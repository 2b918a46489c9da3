using System.Globalization;
using Orders.Warehouse.Tables;

namespace Orders.Warehouse.Redshift;

/// <summary>
/// The type of a column of an SQL table in Redshift, and how a value comes there from its text in Postgres.
/// A type that Redshift lacks is text. A value that the type cannot hold is NULL; the column
/// <c>_row</c> has it.
/// </summary>
/// <param name="Sql">The type.</param>
/// <param name="Form">What its values are.</param>
internal sealed record RedshiftType(string Sql, RedshiftForm Form)
{
    /// <summary>The bytes of the widest text.</summary>
    public const int LongestText = 65_535;

    private const string WholeNumber = "BIGINT";
    private const string Double = "DOUBLE PRECISION";
    private const int WholeDigits = 19;
    private const int MostDigits = 38;
    private const int MostScale = 37;
    private const int LastYear = 294_276;

    /// <summary>Any text.</summary>
    public static RedshiftType Text { get; } = new("VARCHAR(65535)", RedshiftForm.Text);

    /// <summary>How the ledger of Redshift tells it from another.</summary>
    public string Description => $"{Sql} {Form}";

    /// <summary>The type for a column of the lake.</summary>
    /// <param name="fileType">Its type in the files, as DuckDB names it.</param>
    public static RedshiftType Of(string fileType) => fileType switch
    {
        _ when fileType.EndsWith("[]", StringComparison.Ordinal) => Text with { Form = RedshiftForm.List },
        "BOOLEAN" => new(fileType, RedshiftForm.Truth),
        "SMALLINT" or "INTEGER" or WholeNumber => new(WholeNumber, RedshiftForm.Number),
        "FLOAT" => new("REAL", RedshiftForm.Number),
        "DOUBLE" => new(Double, RedshiftForm.Number),
        "DATE" or "TIME" or "TIMESTAMP" or "TIMESTAMPTZ" => new(fileType, RedshiftForm.Time),
        "UUID" => new("VARCHAR(36)", RedshiftForm.Text),
        "BLOB" => Text with { Form = RedshiftForm.Bytes },
        _ => Digits(fileType) is { } digits ? Decimal(digits.Whole, digits.Scale) : Text,
    };

    /// <summary>A type that holds the values of both.</summary>
    public RedshiftType With(RedshiftType other)
    {
        if (this == other)
        {
            return this;
        }

        if (Sql is "REAL" or Double && other.Sql is "REAL" or Double)
        {
            return new(Double, RedshiftForm.Number);
        }

        return Digits(Sql) is { } mine && Digits(other.Sql) is { } theirs ? Decimal(Math.Max(mine.Whole, theirs.Whole), Math.Max(mine.Scale, theirs.Scale)) : Text;
    }

    /// <summary>A value as it is staged.</summary>
    /// <param name="text">Its text in Postgres.</param>
    public string? Stage(string text) => Form switch
    {
        RedshiftForm.Decimal => text is "NaN" or "Infinity" or "-Infinity" ? null : text,
        RedshiftForm.Time => IsMoment(text) ? text : null,
        RedshiftForm.Bytes => text[2..],
        RedshiftForm.List => PgArray.Read(text) is { } elements ? RowJson.List(elements) : null,
        _ => text,
    };

    /// <summary>The expression that makes the value of what is staged.</summary>
    /// <param name="column">The staged column.</param>
    public string Cast(string column) => Form switch
    {
        RedshiftForm.Text or RedshiftForm.Bytes or RedshiftForm.List => column,
        // Redshift does not cast a text to a boolean.
        RedshiftForm.Truth => $"CASE {column} WHEN 't' THEN true WHEN 'f' THEN false END",
        _ => $"CAST({column} AS {Sql})",
    };

    private static RedshiftType Decimal(int whole, int scale) => whole + scale > MostDigits || scale > MostScale
        ? Text
        : new(string.Create(CultureInfo.InvariantCulture, $"DECIMAL({Math.Max(whole + scale, 1)},{scale})"), RedshiftForm.Decimal);

    private static (int Whole, int Scale)? Digits(string type)
    {
        if (type == WholeNumber)
        {
            return (WholeDigits, 0);
        }

        if (!type.StartsWith("DECIMAL(", StringComparison.Ordinal))
        {
            return null;
        }

        var parts = type["DECIMAL(".Length..^1].Split(',');
        var scale = int.Parse(parts[1], CultureInfo.InvariantCulture);
        return (int.Parse(parts[0], CultureInfo.InvariantCulture) - scale, scale);
    }

    // Neither side of Redshift's calendar is further than Postgres', but for dates; and it has no infinity.
    private static bool IsMoment(string text)
    {
        if (text.EndsWith("infinity", StringComparison.Ordinal) || text.StartsWith("24:", StringComparison.Ordinal))
        {
            return false;
        }

        var year = text.IndexOf('-', StringComparison.Ordinal);
        return year < 0 || !int.TryParse(text.AsSpan(0, year), CultureInfo.InvariantCulture, out var number) || number <= LastYear;
    }
}
