namespace Orders.Infra.Keys;

/// <summary>A key as a service keeps it. The hash of 256 random bits is no secret: nobody can come back from it to the key.</summary>
/// <param name="Id">The key's id.</param>
/// <param name="Hash"><c>sha256:&lt;salt&gt;:&lt;hash&gt;</c>.</param>
public sealed record KeyHash(string Id, string Hash)
{
    /// <summary>Reads <c>&lt;id&gt;:sha256:&lt;salt&gt;:&lt;hash&gt;</c>; whether the parts are well-formed is told by <see cref="OrdersStackSettings.Check"/>.</summary>
    /// <param name="text">The text.</param>
    public static KeyHash Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(text, "") : new(text[..colon], text[(colon + 1)..]);
    }
}
