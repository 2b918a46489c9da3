namespace Orders.Api.Body;

/// <summary>
/// The path of a field in a body: <c>amount</c>, or <c>items[2].unit_price</c>. It allocates nothing until
/// it is formatted.
/// </summary>
internal readonly record struct FieldPath(string Name, int Line = FieldPath.NoLine)
{
    private const int NoLine = -1;

    /// <summary>The body as a whole.</summary>
    public static FieldPath Body => new("body");

    /// <summary>A line as a whole.</summary>
    public static FieldPath OfLine(int line) => new("", line);

    public override string ToString() => (Line, Name) switch
    {
        (NoLine, _) => Name,
        (_, "") => $"items[{Line}]",
        _ => $"items[{Line}].{Name}",
    };
}
